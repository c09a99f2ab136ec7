"""Modules, types of ports and samples."""

from typing import Any

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.drafts import draft_json
from designer.pipelines.actions import create_draft
from designer.pipelines.samples import sample, samples
from modules import catalog
from modules.kit import ModuleSpec, port_types

router = Router(tags=["library"])


@router.get("/modules", may="library.read", response=list[ModuleSpec])
def list_modules(request: Request) -> Any:
    """Every module: ports, parameters, help. The form of a node is made from this alone."""
    return catalog.load().specs()


@router.get("/port-types", may="library.read", response=dict[str, list[str]])
def list_port_types(request: Request) -> Any:
    """Each type of port with the types that it also counts as: a wire fits where they meet."""
    return port_types()


@router.get("/samples", may="library.read", response=list[schemas.Sample])
def list_samples(request: Request) -> Any:
    """Pipelines that are shipped."""
    return [
        {"id": s.id, "title": s.document.name, "description": s.document.description, "tags": s.document.tags}
        for s in samples()
    ]


@router.post("/samples/{sample_id}/open", may="drafts.write", response={201: schemas.DraftOut})
def open_sample(request: Request, sample_id: str) -> Any:
    """Make an editable copy."""
    found = sample(sample_id)
    return 201, draft_json(create_draft(request.auth.workspace, request.auth.user, found.document))
