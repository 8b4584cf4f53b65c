namespace FollowUp.Application.Sequences;

/// <summary>The rules of a schedule: on its own, with its calendar and with the steps that use it.</summary>
internal static class ScheduleRules
{
    /// <summary>The rules that need only the request.</summary>
    public static void Schedule<T>(AbstractValidator<T> validator, Func<T, ScheduleInput?> schedule) =>
        validator
            .RuleFor(request => request)
            .Custom(
                (request, context) =>
                {
                    foreach (var error in schedule(request)?.Check() ?? [])
                    {
                        context.AddFailure(error.Identifier, error.ErrorMessage);
                    }
                }
            );

    /// <summary>Finds the calendar that a schedule names and checks that a sendable day remains.</summary>
    public static async Task<Result<Schedule?>> Read(
        ScheduleInput? input,
        ICalendarRepository calendars,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (input is null)
        {
            return Result<Schedule?>.Success(null);
        }

        var calendar = input.Holidays is { } which ? await calendars.FindForUse(which, cancellationToken) : null;
        if (input.Holidays is not null && calendar is null)
        {
            return Error.Invalid("schedule.holidays", "must be the name or the id of one of your calendars");
        }

        var schedule = input.ToSchedule(calendar?.Id);
        return CalendarRules.LeavesOpen(schedule, new Holidays(calendar?.Days ?? []), now)
            ? schedule
            : Error.Invalid("schedule.holidays", "leaves no day open within two years: the window would never open");
    }

    public static async Task<IEnumerable<CalendarWarning>> Warnings(
        Schedule? schedule,
        ICalendarRepository calendars,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        schedule?.Holidays is { } id && await calendars.FindForUse(id.Value.ToString(), cancellationToken) is { } calendar
            ? CalendarWarning.Ahead(calendar, DateOnly.FromDateTime(now.UtcDateTime))
            : [];

    /// <summary>Errors for steps that require something the schedule does not define.</summary>
    public static List<ValidationError> Check(Schedule? schedule, IReadOnlyList<Step> steps)
    {
        List<ValidationError> errors = [];
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is WaitStep { BusinessDays: not null } && schedule is null)
            {
                errors.Add(new($"steps[{i}].delayBusinessDays", "requires a schedule, which defines the business days"));
            }

            if (steps[i].At is { } at && (schedule is null || !schedule.Shows(at)))
            {
                errors.Add(
                    new(
                        $"steps[{i}].at",
                        schedule is null ? "requires a schedule, which defines the time zone" : "must lie within the schedule's window"
                    )
                );
            }
        }

        return errors;
    }
}
