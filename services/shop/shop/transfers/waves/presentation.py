"""Waves as they are shown."""

from typing import Any

from sqlalchemy import Row, select

from chassis.db.transaction import Reader
from chassis.http.pages import Page, PageParams, page_of
from shop.transfers.models import waves
from shop.transfers.waves import store
from shop.transfers.waves.schemas import CheckProgress, Funnel, LastCheck, TransferWave, WaveFilter


async def shown(reader: Reader, wave_id: str) -> TransferWave:
    """One wave with its counts. Raises WaveNotFound."""
    row = await store.find(reader, wave_id)
    states = await store.states_of(reader, [wave_id])
    funnels = await store.funnels_of(reader, [wave_id])
    return _wave(row, states[wave_id], funnels.get(wave_id))


async def page(reader: Reader, params: PageParams, *, state: str | None) -> Page[TransferWave]:
    """Waves, the newest first."""
    statement = select(waves) if state is None else select(waves).where(waves.c.state == state)
    rows = await page_of(reader, statement, params, order_by=[waves.c.id], convert=lambda row: row, descending=True)
    ids = [row.id for row in rows.items]
    states, funnels = await store.states_of(reader, ids), await store.funnels_of(reader, ids)
    items = [_wave(row, states[row.id], funnels.get(row.id)) for row in rows.items]
    return Page(items=items, next_cursor=rows.next_cursor)


def _wave(row: Row[Any], states: dict[str, int], funnel: Row[Any] | None) -> TransferWave:
    steps = {name: getattr(funnel, name) if funnel else 0 for name in Funnel.model_fields}
    return TransferWave(
        id=row.id,
        name=row.name,
        transfer_on=row.transfer_on,
        state=row.state,
        safety_window_days=row.safety_window_days,
        filter=WaveFilter(**row.filter) if row.filter else None,
        customers=sum(states.values()),
        states=states,
        funnel=Funnel(**steps),
        last_check=LastCheck(**{"money": [], **row.last_check}) if row.last_check else None,
        check_progress=CheckProgress(**row.check_progress) if row.check_progress else None,
        created_by=row.created_by,
        created_at=row.created_at,
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
