namespace FollowUp.Application.Preview;

/// <summary>Computes what a change of one of the caller's calendars would do to waiting steps. Changes nothing.</summary>
public sealed record PreviewCalendarChange(UpdateCalendar Change) : IQuery<ChangePreview>;

internal sealed class PreviewCalendarChangeValidator : AbstractValidator<PreviewCalendarChange>
{
    public PreviewCalendarChangeValidator() => this.SameRulesAs(query => query.Change, new UpdateCalendarValidator());
}

internal sealed class PreviewCalendarChangeHandler(
    ICaller caller,
    IReadDb db,
    IWaitingSteps waiting,
    ChangeEffects effects,
    IDatabaseClock clock
) : IQueryHandler<PreviewCalendarChange, ChangePreview>
{
    /// <summary>The maximum number of sequences whose steps are examined.</summary>
    private const int MostSequences = 200;

    public async Task<Result<ChangePreview>> Handle(PreviewCalendarChange query, CancellationToken cancellationToken)
    {
        var change = query.Change;
        var id = Guid.TryParseExact(change.Which, "D", out var given) ? new CalendarId(given) : default;
        var found = await db.Of<Calendar>()
            .SingleOrDefaultAsync(calendar => given == Guid.Empty ? calendar.Name == change.Which : calendar.Id == id, cancellationToken);
        if (found is not { } calendar)
        {
            return CalendarErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        IReadOnlyList<CalendarDay> days = change.Days.IsGiven ? change.Days.Value! : [.. calendar.Days];
        var holidays = new Holidays(days);
        var uses = await db.Of<Sequence>()
            .Where(s => EF.Property<CalendarId?>(s, "CalendarId") == calendar.Id)
            .OrderBy(s => s.Id)
            .Take(MostSequences)
            .ToDictionaryAsync(s => s.Id, s => s.Schedule!, cancellationToken);
        if (uses.FirstOrDefault(use => !CalendarRules.LeavesOpen(use.Value, holidays, now)) is { Value: not null } closed)
        {
            return CalendarErrors.NeverOpens($"{closed.Key.Value}");
        }

        var steps = await waiting.Read(caller.OwnerId, uses.Keys, cancellationToken);
        return await effects.Of(steps, step => ChangeOf(uses[step.Sequence], holidays), now, cancellationToken);
    }

    private static ChangeEffects.Change ChangeOf(Schedule schedule, Holidays holidays) => new(zone => schedule.For(zone, holidays));
}
