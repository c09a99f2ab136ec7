"""Which steps can run: never too early, never for ever."""

from hypothesis import given
from hypothesis import strategies as st

from designer.engine.schedule import BAD, FINAL, GOOD, ready
from designer.graph.plan import Output, Plan, Step, Wire


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    steps = []
    for index in range(draw(st.integers(1, 8))):
        above = draw(st.sets(st.integers(0, index - 1), max_size=3)) if index else set()
        inputs = {f"in{i}": (Wire(node=f"n{i}", port="out"),) for i in sorted(above)}
        steps.append(Step(node=f"n{index}", kind="module", inputs=inputs, outputs=(Output(name="out", type="Table"),)))
    return Plan(steps=tuple(steps))


@given(plans(), st.data())
def test_every_run_ends_and_no_step_starts_before_what_feeds_it(plan: Plan, data: st.DataObject) -> None:
    statuses: dict[str, str] = {}
    for _ in plan.steps:
        now = ready(plan, statuses)
        for node in now.run:
            assert all(statuses[above] in GOOD for above in plan.step(node).upstream)
        for node in now.skip:
            statuses[node] = "skipped"
        if now.run:
            node = data.draw(st.sampled_from(now.run))
            statuses[node] = data.draw(st.sampled_from(["completed", "reused", "failed", "cancelled"]))
    assert set(statuses.values()) <= FINAL
    assert set(statuses) == {step.node for step in plan.steps}


@given(plans(), st.sampled_from(["failed", "cancelled"]))
def test_what_needs_a_step_without_a_result_is_skipped(plan: Plan, status: str) -> None:
    first = plan.steps[0].node
    now = ready(plan, {first: status})
    assert all(status not in now.run for status in now.skip)
    for step in plan.steps:
        if first in step.upstream:
            assert step.node in now.skip
            assert status in BAD
