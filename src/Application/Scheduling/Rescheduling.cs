using FollowUp.Domain.Scheduling;
using NodaTime;

namespace FollowUp.Application.Scheduling;

/// <summary>Where a waiting step lies after its schedule changed: one rule for the change and for its preview.</summary>
public static class Rescheduling
{
    /// <summary>Places a step again from the instant at which it was wanted.</summary>
    /// <param name="plan">The new plan; null means that it may send at any time.</param>
    /// <param name="wanted">When the step was wanted.</param>
    /// <param name="at">The local time that the step asks for, or null.</param>
    /// <returns>The place; when that is over by now, the next one from now on.</returns>
    public static Placement Place(SendingPlan? plan, DateTimeOffset wanted, LocalTime? at, DateTimeOffset now)
    {
        if (plan is null)
        {
            return new(wanted, []);
        }

        var placed = plan.Place(wanted, at);
        return placed is { Moves.Count: > 0 } && placed.At < now ? plan.Place(now, at) : placed;
    }
}
