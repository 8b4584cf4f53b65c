using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Scheduling;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>What a schedule must be like: by itself, with its calendar, and with the steps that it is for.</summary>
internal static class ScheduleRules
{
    /// <summary>The rules that need no more than the request.</summary>
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

    /// <summary>Finds the calendar that a schedule names, and looks whether there is a day left on which it opens.</summary>
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
            return Result.Invalid(new ValidationError("schedule.holidays", "must be the name or the id of one of your calendars"));
        }

        var schedule = input.ToSchedule(calendar?.Id);
        return CalendarRules.LeavesOpen(schedule, calendar?.Days ?? [], now)
            ? schedule
            : Result.Invalid(new ValidationError("schedule.holidays", "leaves no day open within two years: the window would never open"));
    }

    /// <summary>What is probably wrong with the calendar that a schedule names.</summary>
    public static async Task<IEnumerable<CalendarWarning>> Warnings(
        Schedule? schedule,
        ICalendarRepository calendars,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        schedule?.Holidays is { } id && await calendars.FindForUse(id.Value.ToString(), cancellationToken) is { } calendar
            ? CalendarWarning.Ahead(calendar, DateOnly.FromDateTime(now.UtcDateTime))
            : [];

    /// <summary>What steps ask of a schedule and it does not give.</summary>
    public static List<ValidationError> Check(Schedule? schedule, IReadOnlyList<Step> steps)
    {
        List<ValidationError> errors = [];
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is WaitStep { BusinessDays: not null } && schedule is null)
            {
                errors.Add(new($"steps[{i}].delayBusinessDays", "needs a schedule, whose zone and days count"));
            }

            if (steps[i].At is { } at && (schedule is null || !schedule.Shows(at)))
            {
                errors.Add(
                    new(
                        $"steps[{i}].at",
                        schedule is null ? "needs a schedule, whose zone it is in" : "must lie within the schedule's window"
                    )
                );
            }
        }

        return errors;
    }
}
