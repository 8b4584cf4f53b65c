namespace FollowUp.Application.Instances;

/// <summary>Statistics by day, in UTC.</summary>
/// <param name="SequenceId">The sequence; null for all of the user's sequences.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The day after the last day.</param>
/// <param name="Days">Every day of the period, in order, also those on which nothing happened.</param>
public sealed record DailyStats(Guid? SequenceId, DateOnly From, DateOnly To, IReadOnlyList<DayStats> Days);

/// <summary>The counts of one day. Responses count on the day of the response.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Enrolled">The number of enrolled instances.</param>
/// <param name="Completed">The number of instances that completed all steps.</param>
/// <param name="Stopped">The number of stopped instances.</param>
/// <param name="Counts">The counts of all steps.</param>
public sealed record DayStats(DateOnly Day, long Enrolled, long Completed, long Stopped, StepCounts Counts);
