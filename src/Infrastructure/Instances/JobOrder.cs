namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// The one order in which jobs are sent, for everything that picks or places several jobs: by due time; among jobs due at the same time, such as the
/// opening of a window or the start of a day under a cap, follow-ups before first mails; then by the time at which they were originally due
/// (<c>in_line_since</c>), which rescheduling does not change. The indexes of <c>step_job</c> have this order.
/// </summary>
internal static class JobOrder
{
    /// <summary>For an ORDER BY over <c>step_job</c>.</summary>
    public const string Sql = $"due_at, {OfDue}";

    /// <summary>A condition for due jobs from a position on, which the index of due jobs can use as its start.</summary>
    public const string DueFrom = $"({Sql}) >= (@from_due_at, @from_is_first, @from_in_line_since, @from_id) AND due_at <= now()";

    /// <summary>The order in which the jobs of each owner are adjacent.</summary>
    public const string OfOwners = $"owner_id, {Sql}";

    /// <summary>
    /// A condition for the due jobs of a <c>served</c> owner from a position on. Both bounds begin with the owner, so that the only index that starts
    /// with the owner can use both, and no other index qualifies.
    /// </summary>
    public const string DueInRoundRobin =
        $"({OfOwners}) >= (served.owner_id, served.from_due_at, served.from_is_first, served.from_in_line_since, served.from_id) AND (owner_id, due_at) <= (served.owner_id, now())";

    /// <summary>The same for jobs that are all due: a rescheduled job is ordered by its original due time.</summary>
    public const string OfDue = "is_first, in_line_since, id";

    /// <summary>
    /// A condition for the jobs of a channel. It is a literal because it must match the condition of the channel's partial index, which the planner
    /// does not recognize in a parameter.
    /// </summary>
    public static string Of(Channel channel) => $"step_type = '{DbEnumNames.Upper(channel)}'";
}

/// <summary>A position in that order.</summary>
/// <param name="IsFirst">Whether it sends the first mail of an instance.</param>
/// <param name="InLineSince">When it was originally due.</param>
/// <param name="Id">Its id; PostgreSQL and .NET compare it in the same way.</param>
internal readonly record struct JobSortKey(DateTime DueAt, bool IsFirst, DateTime InLineSince, Guid Id)
{
    /// <summary>Before all jobs.</summary>
    public static readonly JobSortKey Front = Of(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));

    /// <summary>Before all jobs that are due at the given time.</summary>
    public static JobSortKey Of(DateTime dueAt) => new(dueAt, false, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), Guid.Empty);

    /// <summary>The position of a job.</summary>
    public static JobSortKey Of(StepJob job) => new(job.DueAt.UtcDateTime, job.IsFirst, (job.WantedAt ?? job.DueAt).UtcDateTime, job.Id);

    /// <summary>The first of the given positions.</summary>
    public static JobSortKey First(IEnumerable<JobSortKey> places) => places.MinBy(p => (p.DueAt, p.IsFirst, p.InLineSince, p.Id));

    public void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddWithValue("from_due_at", NpgsqlDbType.TimestampTz, DueAt);
        parameters.AddWithValue("from_is_first", IsFirst);
        parameters.AddWithValue("from_in_line_since", NpgsqlDbType.TimestampTz, InLineSince);
        parameters.AddWithValue("from_id", Id);
    }

    public static void AddTo(NpgsqlParameterCollection parameters, IReadOnlyCollection<JobSortKey> places)
    {
        const NpgsqlDbType instants = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        parameters.AddWithValue("from_due_at", instants, places.Select(p => p.DueAt).ToArray());
        parameters.AddWithValue("from_is_first", places.Select(p => p.IsFirst).ToArray());
        parameters.AddWithValue("from_in_line_since", instants, places.Select(p => p.InLineSince).ToArray());
        parameters.AddWithValue("from_id", places.Select(p => p.Id).ToArray());
    }
}
