"""The form into the chart that the checks read."""

from datetime import date, datetime, time
from decimal import Decimal

from clinic_app.check_command import values
from clinic_app.check_command.form import InjectionForm, PatientForm, PreviousForm, VialForm, VisitForm
from clinic_app.errors import ClinicError
from clinic_app.reference.catalogue import Reference
from clinic_app.rules.chart import Chart, ChartedInjection, ChartedVial, EarlierInjection, PatientFacts
from clinic_app.terms import Guidance, LabelRegion, Side


def chart_of(form: VisitForm, reference: Reference) -> Chart:
    """The chart that ``form`` describes. Raises ClinicError ``check_…`` with the path of the field.

    The time of the visit is when the last vial was used. Where no vial says so it is the end of the day, as for a
    chart that is signed later: a vial must not pass for fresh because nobody said when it was used.
    """
    visited_on = values.day(form.date, "date")
    vials = tuple(_vial(each, index, reference) for index, each in enumerate(form.vials))
    _refuse_mixed_zones(vials)
    moments = [moment for vial in vials for moment in (vial.reconstituted_at, vial.used_at) if moment is not None]
    zone = moments[0].tzinfo if moments else None
    used = [vial.used_at for vial in vials if vial.used_at is not None]
    earlier = tuple(_earlier(each, index, visited_on, reference) for index, each in enumerate(form.previous))
    own = [each for each in earlier if not each.elsewhere]
    return Chart(
        visited_on=visited_on,
        now=max(used, default=datetime.combine(visited_on, time.max, tzinfo=zone)),
        patient=_patient(form.patient, form.components, reference),
        region=values.one_of(form.region, "region", [each.value for each in LabelRegion]),
        indication=values.known(form.indication, "indication", reference.indications, "indications.yaml")
        if form.indication
        else "",
        injections=tuple(_injection(each, index, vials, reference) for index, each in enumerate(form.injections)),
        vials=vials,
        earlier=earlier,
        previous_product=max(own, key=lambda each: each.on).product if own else "",
    )


def _patient(form: PatientForm, components: tuple[str, ...], reference: Reference) -> PatientFacts:
    # The reference says of the neck's components whether they have a side, and only names those of other indications.
    sided: dict[str, bool | None] = {
        name: None for indication in reference.indications.values() for name in indication.components
    }
    sided |= {component.id: component.sided for component in reference.components.values()}
    return PatientFacts(
        age=None if form.age is None else values.whole(form.age, "patient.age", values.MOST_YEARS),
        weight_kg=values.weight(form.weight_kg, "patient.weight_kg"),
        allergies=_entries(form.allergies),
        conditions=_entries(form.conditions),
        medicine_classes=_entries(form.medicines),
        pregnant=form.pregnant,
        components=tuple(
            values.component(each, f"components[{index}]", sided) for index, each in enumerate(components)
        ),
    )


def _entries(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.strip() for text in texts if text.strip())


def _earlier(form: PreviousForm, index: int, visited_on: date, reference: Reference) -> EarlierInjection:
    path = f"previous[{index}]"
    on = values.day(form.date, f"{path}.date")
    if on > visited_on:
        raise ClinicError("check_previous_later", field=f"{path}.date", key=f"{path}.date")
    return EarlierInjection(
        on=on,
        product=_product(form.product, f"{path}.product", reference) if form.product else "",
        units=None if form.units is None else values.quantity(form.units, f"{path}.units"),
        elsewhere=form.elsewhere,
    )


def _vial(form: VialForm, index: int, reference: Reference) -> ChartedVial:
    path = f"vials[{index}]"
    mixed = values.moment(form.reconstituted_at, f"{path}.reconstituted_at") if form.reconstituted_at else None
    used = values.moment(form.used_at, f"{path}.used_at") if form.used_at else None
    return ChartedVial(
        key=path,
        product=_product(form.product, f"{path}.product", reference),
        lot=(form.lot or "").strip(),
        expires_on=values.day(form.expires, f"{path}.expires") if form.expires else None,
        vial_units=values.quantity(form.units, f"{path}.units"),
        diluent_ml=None
        if form.diluent_ml is None
        else values.quantity(form.diluent_ml, f"{path}.diluent_ml", zero=True),
        reconstituted_at=mixed,
        wasted_units=values.quantity(form.wasted, f"{path}.wasted", zero=True),
        used_at=used,
    )


def _refuse_mixed_zones(vials: tuple[ChartedVial, ...]) -> None:
    """Times with and without a zone cannot be compared, nor can a vial be used before it was mixed."""
    zoned: bool | None = None
    for vial in vials:
        for name, moment in (("reconstituted_at", vial.reconstituted_at), ("used_at", vial.used_at)):
            if moment is None:
                continue
            if zoned is not None and zoned != (moment.tzinfo is not None):
                raise ClinicError("check_zones_mixed", field=f"{vial.key}.{name}", key=f"{vial.key}.{name}")
            zoned = moment.tzinfo is not None
        if vial.reconstituted_at is not None and vial.used_at is not None and vial.used_at < vial.reconstituted_at:
            raise ClinicError("check_used_before_mixed", field=f"{vial.key}.used_at", key=f"{vial.key}.used_at")


def _injection(
    form: InjectionForm, index: int, vials: tuple[ChartedVial, ...], reference: Reference
) -> ChartedInjection:
    path = f"injections[{index}]"
    return ChartedInjection(
        key=path,
        muscle=values.known(form.muscle, f"{path}.muscle", reference.muscles, "muscles.yaml"),
        side=values.one_of(form.side, f"{path}.side", [each.value for each in Side]),
        units=values.quantity(form.units, f"{path}.units"),
        points=values.whole(form.points, f"{path}.points", values.MOST_POINTS),
        guidance=tuple(
            values.one_of(each, f"{path}.guidance[{number}]", _guidance(reference))
            for number, each in enumerate(form.guidance)
        ),
        vial="" if form.vial is None else _vial_key(form.vial, f"{path}.vial", vials),
    )


def _vial_key(index: Decimal, path: str, vials: tuple[ChartedVial, ...]) -> str:
    keys = {Decimal(number): vial.key for number, vial in enumerate(vials)}
    if not index.is_finite() or index not in keys:
        raise ClinicError("check_no_such_vial", field=path, key=path, count=len(vials))
    return keys[index]


def _product(text: str, path: str, reference: Reference) -> str:
    return values.known(text, path, {**reference.products, **reference.cosmetic_products}, "toxins.yaml")


def _guidance(reference: Reference) -> list[str]:
    """The words of the reference, and of the record, which writes "electrical stimulation" with a space."""
    ways = {way for muscle in reference.muscles.values() for way in muscle.guidance}
    return sorted(ways | {each.value for each in Guidance})
