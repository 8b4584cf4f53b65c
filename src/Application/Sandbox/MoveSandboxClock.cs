using System.Text.RegularExpressions;
using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Shared;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Application.Sandbox;

/// <summary>
/// Moves the clock of the caller's sandbox. On its way it stops at each instant at which a step is due, and the step is carried out there by the
/// engine; so is what follows from it, until nothing is due up to the target.
/// </summary>
/// <param name="Advance">How far: an ISO 8601 duration, <c>PT0S</c> for what is due already. This or <paramref name="To"/>.</param>
/// <param name="To">Where to: an instant that is not past.</param>
public sealed record MoveSandboxClock(string? Advance, DateTimeOffset? To) : IUnboundCommand<SandboxMoveView>;

internal sealed class MoveSandboxClockValidator : AbstractValidator<MoveSandboxClock>
{
    public MoveSandboxClockValidator()
    {
        RuleFor(move => move.Advance)
            .NotNull()
            .WithMessage("or to must be given")
            .When(move => move.To is null)
            .Null()
            .WithMessage("must not stand beside to: give one of them")
            .When(move => move.To is not null, ApplyConditionTo.CurrentValidator);
        RuleFor(move => move.Advance)
            .Must(text => SandboxAdvance.Parse(text!) is not null)
            .WithMessage(SandboxAdvance.Rule)
            .When(move => move.Advance is not null && move.To is null);
    }
}

/// <summary>How far a clock is moved: an ISO 8601 duration. Years, months, weeks and days are those of the calendar in UTC.</summary>
internal static partial class SandboxAdvance
{
    public const string Rule = "must be an ISO 8601 duration such as P14D or PT36H, not below zero and at most ten years";

    private const int MostYears = 10;

    /// <summary>Reads a duration; null when it is none, or out of bounds.</summary>
    public static Period? Parse(string text) =>
        !NotHere().IsMatch(text) && PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period) && IsSmall(period)
            ? period
            : null;

    /// <summary>A sign, no number at all, or one that is long enough to overflow where units are put together.</summary>
    [GeneratedRegex("-|^[^0-9]*$|[0-9]{10}", RegexOptions.CultureInvariant)]
    private static partial Regex NotHere();

    /// <summary>Every part within bounds, so that adding them cannot overflow. What is shorter than a day has been normalised.</summary>
    private static bool IsSmall(Period period) =>
        period is { Years: <= MostYears, Months: <= MostYears * 12, Weeks: <= MostYears * 53, Days: <= MostYears * 366 };

    /// <summary>Where it leads from an instant.</summary>
    public static DateTimeOffset From(DateTimeOffset now, Period period) =>
        (LocalDateTime.FromDateTime(now.UtcDateTime) + period).InUtc().ToDateTimeOffset().ToMicroseconds();
}

internal sealed class MoveSandboxClockHandler(ISandbox sandbox, SandboxOptions options, TimeProvider time)
    : ICommandHandler<MoveSandboxClock, SandboxMoveView>
{
    /// <summary>Claimed together; few enough that a call ends soon after its time is over.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan WhileLocked = TimeSpan.FromMilliseconds(10);

    public async Task<Result<SandboxMoveView>> Handle(MoveSandboxClock move, CancellationToken cancellationToken)
    {
        await using var turn = await sandbox.Begin(cancellationToken);
        if (turn is null)
        {
            return SandboxErrors.Busy.ToResult();
        }

        var target = move.To?.ToMicroseconds() ?? SandboxAdvance.From(turn.Now, SandboxAdvance.Parse(move.Advance!)!);
        if (target < turn.Now)
        {
            return Result.Invalid(new ValidationError("to", "must not lie before the sandbox's now: its clock never goes back"));
        }

        if (target > turn.Furthest)
        {
            return Result.Invalid(
                new ValidationError(move.To is null ? "advance" : "to", "must not lead more than ten years beyond the real present")
            );
        }

        return await Move(turn, target, cancellationToken);
    }

    private async Task<SandboxMoveView> Move(ISandboxClockLock turn, DateTimeOffset target, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var steps = 0;
        bool MayGoOn() => steps < options.MostSteps && time.GetElapsedTime(began) < options.MostTime;

        var areOperationsLeft = await turn.RunOperations(cancellationToken);
        while (areOperationsLeft && MayGoOn())
        {
            areOperationsLeft = await turn.RunOperations(cancellationToken);
        }

        var next = await turn.NextDue(cancellationToken);
        while (!areOperationsLeft && next <= target && MayGoOn())
        {
            // The clock stands where the step is due while it is carried out, and is never ahead of a step that was not.
            await turn.MoveTo(next.Value, cancellationToken);
            var carriedOut = await turn.CarryOutDue(Math.Min(AtOnce, options.MostSteps - steps), cancellationToken);
            steps += carriedOut;
            if (carriedOut == 0)
            {
                // Another call holds the row at this moment, such as a pause.
                await Task.Delay(WhileLocked, time, cancellationToken);
            }

            next = await turn.NextDue(cancellationToken);
        }

        var isDone = !areOperationsLeft && !(next <= target);
        if (isDone)
        {
            await turn.MoveTo(target, cancellationToken);
        }

        return new SandboxMoveView(turn.Now, target, isDone, steps, next);
    }
}
