"""Modules, types of ports and samples."""

from typing import Any

from designer.api import schemas
from designer.api.access import Request, Router
from designer.api.drafts import draft_json
from designer.docs.examples import example, example_text
from designer.docs.module_pages import failure_facts, parameters_of
from designer.errors import NotFound
from designer.pipelines.actions import create_draft
from designer.pipelines.samples import sample, samples
from modules import catalog
from modules.kit import Definition, ModuleSpec, port_types

router = Router(tags=["library"])


@router.get("/modules", may="library.read", response=list[ModuleSpec])
def list_modules(request: Request) -> Any:
    """Every module: ports, parameters, help. The form of a node is made from this alone."""
    return catalog.load().specs()


@router.get("/modules/{module_id}/page", may="library.read", response=schemas.ModulePage)
def read_module_page(request: Request, module_id: str) -> Any:
    """What there is to know of a module, with an example as YAML."""
    found = find_module(module_id)
    return {
        "module": found.spec,
        "parameters": parameters_of(found.spec),
        "failures": failure_facts(found),
        "example": example_text(module_id),
    }


@router.post("/modules/{module_id}/example/open", may="drafts.write", response={201: schemas.DraftOut})
def open_example(request: Request, module_id: str) -> Any:
    """Make an editable copy of a module's example."""
    document = example(find_module(module_id).spec.id)
    if document is None:
        raise NotFound(f"The module '{module_id}' has no example")
    return 201, draft_json(create_draft(request.auth.workspace, request.auth.user, document))


def find_module(module_id: str) -> Definition:
    """The newest version of a module; raises NotFound."""
    found = catalog.load().find(module_id)
    if found is None:
        raise NotFound(f"There is no module '{module_id}'")
    return found


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
