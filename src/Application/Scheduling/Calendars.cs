using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Shared;

namespace FollowUp.Application.Scheduling;

/// <summary>The caller's calendars, for changing and using them. A calendar is named by its name or its id.</summary>
public interface ICalendars
{
    /// <summary>Finds one of the caller's calendars, and locks it until the transaction ends.</summary>
    /// <param name="which">Its name or id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The calendar, or null.</returns>
    Task<Calendar?> FindForChange(string which, CancellationToken cancellationToken);

    /// <summary>Finds one of the caller's calendars, and keeps it from being changed or deleted until the transaction ends.</summary>
    /// <param name="which">Its name or id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The calendar, or null.</returns>
    Task<Calendar?> FindForUse(string which, CancellationToken cancellationToken);

    /// <summary>Whether another of the caller's calendars has a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="except">The calendar that may have it, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when one has.</returns>
    Task<bool> IsTaken(string name, CalendarId? except, CancellationToken cancellationToken);

    /// <summary>The schedules that name a calendar, each with its sequence's name.</summary>
    /// <param name="calendar">Which calendar.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedules.</returns>
    Task<IReadOnlyList<(string Sequence, Schedule Schedule)>> Uses(CalendarId calendar, CancellationToken cancellationToken);

    /// <summary>Keeps a new calendar.</summary>
    /// <param name="calendar">The calendar.</param>
    void Add(Calendar calendar);

    /// <summary>Deletes a calendar.</summary>
    /// <param name="calendar">The calendar.</param>
    void Remove(Calendar calendar);
}

/// <summary>Reads iCalendar files (RFC 5545).</summary>
public interface IIcsReader
{
    /// <summary>The dates that a file's events cover, those that recur for the next ten years.</summary>
    /// <param name="text">The file.</param>
    /// <param name="today">The present date.</param>
    /// <returns>The dates; or what is wrong, naming the line.</returns>
    Result<IReadOnlyList<DateOnly>> Read(string text, DateOnly today);
}

/// <summary>A calendar as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Dates">Its dates, in order.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record CalendarView(Guid Id, string Name, IReadOnlyList<DateOnly> Dates, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static CalendarView From(Calendar calendar) =>
        new(calendar.Id.Value, calendar.Name, calendar.Dates, calendar.CreatedAt, calendar.UpdatedAt);
}

/// <summary>What calendars refuse, each named once, and the rules of their fields.</summary>
internal static class CalendarRules
{
    public static Result NotFound => Result.NotFound("There is no such calendar.");

    public static Refusal NameTaken => new("calendarNameTaken", "Another of your calendars has this name.");

    public static Refusal InUse(string sequence) =>
        new("calendarInUse", "A sequence's schedule names the calendar; change the schedule first.", ("sequence", sequence));

    public static Result NeverOpens(string sequence) =>
        Result.Invalid(new ValidationError("dates", $"leave the sequence '{sequence}' no day on which its window opens within two years"));

    // An id is no name: else a path could mean two calendars.
    public static void Name<T>(IRuleBuilder<T, string?> rule) =>
        rule.Must(name =>
                !string.IsNullOrWhiteSpace(name)
                && name.Length <= Calendar.LongestName
                && !name.Any(char.IsControl)
                && !name.Contains('/', StringComparison.Ordinal)
                && !Guid.TryParse(name, out _)
            )
            .WithMessage($"must have 1 to {Calendar.LongestName} characters, no slash, and not look like an id")
            .OverridePropertyName("name");

    public static void Dates<T>(IRuleBuilder<T, IReadOnlyList<DateOnly>?> rule) =>
        rule.NotNull()
            .WithMessage("must be given: dates, or an iCalendar file as text/calendar")
            .OverridePropertyName("dates")
            .Must(dates => dates is null or { Count: <= Calendar.MostDates })
            .WithMessage($"must be at most {Calendar.MostDates} dates")
            .OverridePropertyName("dates");
}

/// <summary>Creates a calendar of the caller's, from dates or from an iCalendar file.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Dates">Its dates; absent when <paramref name="Ics"/> is given.</param>
/// <param name="Ics">An iCalendar file, or null.</param>
public sealed record CreateCalendar(string? Name, IReadOnlyList<DateOnly>? Dates, string? Ics) : ICreateCommand<CalendarView>;

internal sealed class CreateCalendarValidator : AbstractValidator<CreateCalendar>
{
    public CreateCalendarValidator()
    {
        CalendarRules.Name(RuleFor(command => command.Name));
        When(command => command.Ics is null, () => CalendarRules.Dates(RuleFor(command => command.Dates)));
    }
}

internal sealed class CreateCalendarHandler(Accounts.ICaller caller, ICalendars calendars, IIcsReader ics, IDatabaseClock clock)
    : ICommandHandler<CreateCalendar, CalendarView>
{
    public async Task<Result<CalendarView>> Handle(CreateCalendar command, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        var dates = command.Ics is { } file ? ics.Read(file, DateOnly.FromDateTime(now.UtcDateTime)) : Result.Success(command.Dates!);
        if (!dates.IsSuccess)
        {
            return dates.Map(_ => default(CalendarView)!);
        }

        if (await calendars.IsTaken(command.Name!, null, cancellationToken))
        {
            return CalendarRules.NameTaken.ToResult();
        }

        var calendar = Calendar.Create(caller.OwnerId, command.Name!, dates.Value, now);
        calendars.Add(calendar);
        return CalendarView.From(calendar);
    }
}
