"""The development mailbox: takes every mail, delivers none, and shows them to people and to tests.

    python -m deploy.dev.mailbox --smtp-port 8113 --http-port 8025 --dir var/mailbox

Mails are kept in a file, so they survive a restart; they are taken apart when somebody looks at them. `GET
/messages?to=&subject=` lists them, `DELETE /messages` forgets them, `/` and `/messages/{id}` are pages for people.
`POST /behaviour` makes it refuse mail for a while: `{"reply": "451", "seconds": 60}`, `{"reply": "550",
"for_addresses": ["gone@customer.example"]}`, `{}` to stop that; `drop_after_data` takes mails and loses the connection,
`delay_seconds` takes them and is slow to say so.
"""
