namespace FollowUp.Domain.Scheduling;

/// <summary>Where a step's instant came to lie.</summary>
/// <param name="At">The instant, in UTC.</param>
/// <param name="Moves">Why it is not the one asked for, in order; the last one leads to <paramref name="At"/>. Empty when it is.</param>
/// <param name="Opens">False when the schedule does not open within <see cref="SendingPlan.HorizonDays"/>: <paramref name="At"/> is then the end of that time, to be asked about again.</param>
public sealed record Placement(DateTimeOffset At, IReadOnlyList<Move> Moves, bool Opens = true);
