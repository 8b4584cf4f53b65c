using FollowUp.Domain.Scheduling;
using NodaTime;

namespace FollowUp.Application.Scheduling;

/// <summary>Places a waiting step again after its schedule changed. Shared by the change and its preview.</summary>
public static class Rescheduling
{
    /// <summary>Places a step by its original due time.</summary>
    /// <param name="plan">The new plan; null allows sending at any time.</param>
    /// <returns>The placement; when it is in the past, the next one from now on.</returns>
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
