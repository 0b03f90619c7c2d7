"""An import-linter contract: a feature's tables and statements belong to that feature alone."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FeatureOwnsItsTables(Contract):
    """`private` modules of a feature may be imported inside the feature, and by modules called like `allowed`."""

    private = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of a private module from outside its feature."""
        broken = [
            (importer, module)
            for module in sorted(graph.modules)
            if _is_private(module, self.private)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not self._may_import(importer, module)
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List the offending imports."""
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} imports {module}, which belongs to {_feature(module)} alone")

    def _may_import(self, importer: str, module: str) -> bool:
        inside = importer == _feature(module) or importer.startswith(f"{_feature(module)}.")
        return inside or importer.rpartition(".")[2] in (self.allowed or []) or importer.startswith("tests.")


def _is_private(module: str, private: list[str]) -> bool:
    parts = module.split(".")
    return len(parts) >= 3 and parts[0] != "tests" and parts[-1] in private


def _feature(module: str) -> str:
    return ".".join(module.split(".")[:2])
