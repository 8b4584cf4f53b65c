namespace FollowUp.Domain.Scheduling;

/// <summary>The due time of a step and its reasons.</summary>
/// <param name="At">The due time in UTC.</param>
/// <param name="Moves">
/// Why it differs from the requested time, in order; the last one leads to <paramref name="At"/>. Empty when it does not differ.
/// </param>
/// <param name="Opens">
/// False when the schedule does not open within <see cref="SendingPlan.HorizonDays"/>: <paramref name="At"/> is then the end of that
/// period, when the step is placed again.
/// </param>
public sealed record Placement(DateTimeOffset At, IReadOnlyList<Move> Moves, bool Opens = true);
