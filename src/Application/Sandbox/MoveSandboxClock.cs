using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Application.Sandbox;

/// <summary>
/// Moves the clock of the caller's sandbox. The clock stops at the due time of each step, and the engine executes the step there, and
/// everything that follows from it, until nothing is due up to the target.
/// </summary>
/// <param name="Advance">
/// The distance: an ISO 8601 duration; <c>PT0S</c> executes what is already due. Exactly one of this and <paramref name="To"/>.
/// </param>
/// <param name="To">The target: a time that is not before the clock's. Exactly one of this and <paramref name="Advance"/>.</param>
public sealed record MoveSandboxClock(string? Advance = null, DateTimeOffset? To = null) : IUnboundCommand<SandboxMoveView>;

internal sealed class MoveSandboxClockValidator : AbstractValidator<MoveSandboxClock>
{
    public MoveSandboxClockValidator()
    {
        RuleFor(move => move.Advance)
            .NotNull()
            .WithMessage("or to is required")
            .When(move => move.To is null)
            .Null()
            .WithMessage("cannot be combined with to")
            .When(move => move.To is not null, ApplyConditionTo.CurrentValidator);
        RuleFor(move => move.Advance)
            .Must(text => SandboxAdvance.Parse(text!) is not null)
            .WithMessage(SandboxAdvance.Rule)
            .When(move => move.Advance is not null && move.To is null);
    }
}

/// <summary>The distance of a clock move: an ISO 8601 duration. Years, months, weeks and days are calendar units in UTC.</summary>
internal static partial class SandboxAdvance
{
    public const string Rule = "must be an ISO 8601 duration such as P14D or PT36H, not negative and at most ten years";

    private const int MostYears = 10;

    public static Period? Parse(string text) =>
        !NotHere().IsMatch(text) && PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period) && IsSmall(period)
            ? period
            : null;

    /// <summary>A sign, no digit at all, or a number that could overflow when units are combined.</summary>
    [GeneratedRegex("-|^[^0-9]*$|[0-9]{10}", RegexOptions.CultureInvariant)]
    private static partial Regex NotHere();

    /// <summary>Limits every unit, so that adding them cannot overflow. Units shorter than a day have been normalized.</summary>
    private static bool IsSmall(Period period) =>
        period is { Years: <= MostYears, Months: <= MostYears * 12, Weeks: <= MostYears * 53, Days: <= MostYears * 366 };

    public static DateTimeOffset From(DateTimeOffset now, Period period) =>
        (LocalDateTime.FromDateTime(now.UtcDateTime) + period).InUtc().ToDateTimeOffset().ToMicroseconds();
}

internal sealed class MoveSandboxClockHandler(ISandbox sandbox, SandboxOptions options, TimeProvider time)
    : ICommandHandler<MoveSandboxClock, SandboxMoveView>
{
    /// <summary>The number of steps claimed together; small, so that a call ends soon after its time limit.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan WhileLocked = TimeSpan.FromMilliseconds(10);

    public async Task<Result<SandboxMoveView>> Handle(MoveSandboxClock move, CancellationToken cancellationToken)
    {
        await using var clockLock = await sandbox.Begin(cancellationToken);
        if (clockLock is null)
        {
            return SandboxErrors.Busy;
        }

        var target = move.To?.ToMicroseconds() ?? SandboxAdvance.From(clockLock.Now, SandboxAdvance.Parse(move.Advance!)!);
        if (target < clockLock.Now)
        {
            return Error.Invalid("to", "must not be before the sandbox's current time");
        }

        if (target > clockLock.Furthest)
        {
            return Error.Invalid(move.To is null ? "advance" : "to", "must not be more than ten years after the current time");
        }

        return await Move(clockLock, target, cancellationToken);
    }

    private async Task<SandboxMoveView> Move(ISandboxClockLock clockLock, DateTimeOffset target, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var steps = 0;
        bool MayGoOn() => steps < options.MostSteps && time.GetElapsedTime(began) < options.MostTime;

        var areOperationsLeft = await clockLock.RunOperations(cancellationToken);
        while (areOperationsLeft && MayGoOn())
        {
            areOperationsLeft = await clockLock.RunOperations(cancellationToken);
        }

        var next = await clockLock.NextDue(cancellationToken);
        while (!areOperationsLeft && next <= target && MayGoOn())
        {
            // The clock is at the step's due time while the step is executed, and never ahead of an unexecuted step.
            await clockLock.MoveTo(next.Value, cancellationToken);
            var carriedOut = await clockLock.CarryOutDue(Math.Min(AtOnce, options.MostSteps - steps), cancellationToken);
            steps += carriedOut;
            if (carriedOut == 0)
            {
                // Another call, such as a pause, has locked the row.
                await Task.Delay(WhileLocked, time, cancellationToken);
            }

            next = await clockLock.NextDue(cancellationToken);
        }

        var isDone = !areOperationsLeft && !(next <= target);
        if (isDone)
        {
            await clockLock.MoveTo(target, cancellationToken);
        }

        return new SandboxMoveView(clockLock.Now, target, isDone, steps, next);
    }
}
