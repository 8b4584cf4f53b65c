namespace FollowUp.Application.Scheduling;

/// <summary>Reads an iCalendar file and stores nothing. Runs outside any transaction, because a large file takes seconds.</summary>
public sealed record ReadCalendarFile(string Text, CalendarFileOptions Options) : IQuery<CalendarFile>;

internal sealed class ReadCalendarFileValidator : AbstractValidator<ReadCalendarFile>
{
    public ReadCalendarFileValidator()
    {
        RuleFor(query => query.Options.TimeZone)
            .Must(zone => zone is null || Schedule.IsZone(zone))
            .WithMessage("must be an IANA time zone such as Europe/Berlin")
            .OverridePropertyName("timeZone");
        Texts(query => query.Options.Include, "include");
        Texts(query => query.Options.Exclude, "exclude");
    }

    private void Texts(System.Linq.Expressions.Expression<Func<ReadCalendarFile, IReadOnlyList<string>>> texts, string name) =>
        RuleFor(texts)
            .Must(given =>
                given.Count <= CalendarFileOptions.MaxTexts
                && given.All(text => !string.IsNullOrWhiteSpace(text) && text.Length <= CalendarFileOptions.LongestText)
            )
            .WithMessage($"must be at most {CalendarFileOptions.MaxTexts} texts of 1 to {CalendarFileOptions.LongestText} characters")
            .OverridePropertyName(name);
}

internal sealed class ReadCalendarFileHandler(IIcsReader reader, IDatabaseClock clock) : IQueryHandler<ReadCalendarFile, CalendarFile>
{
    public async Task<Result<CalendarFile>> Handle(ReadCalendarFile query, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime((await clock.Now(cancellationToken)).UtcDateTime);
        return reader.Read(query.Text, query.Options, today, cancellationToken);
    }
}
