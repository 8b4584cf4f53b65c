using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// The one order in which jobs go out, for everything that picks or places many: by when they are due; among those that are due at the same
/// instant, as at the opening of a window or the first instant of a day under a cap, follow-ups before first mails, and then by when they
/// were wanted (<c>in_line_since</c>), which stays however often they are put off. Indexes of <c>step_job</c> are in this order.
/// </summary>
internal static class JobOrder
{
    /// <summary>For an ORDER BY over <c>step_job</c>.</summary>
    public const string Sql = $"due_at, {OfDue}";

    /// <summary>A condition for due jobs from a place on, which the index of due jobs can begin at.</summary>
    public const string DueFrom = $"({Sql}) >= (@from_due_at, @from_is_first, @from_in_line_since, @from_id) AND due_at <= now()";

    /// <summary>The order within which each owner's jobs lie together.</summary>
    public const string OfOwners = $"owner_id, {Sql}";

    /// <summary>
    /// A condition for the due jobs of a <c>turn</c>'s owner from a place on. Both ends begin with the owner, so that the one index which does can
    /// begin and end there, and no other index will do.
    /// </summary>
    public const string DueInRoundRobin =
        $"({OfOwners}) >= (served.owner_id, served.from_due_at, served.from_is_first, served.from_in_line_since, served.from_id) AND (owner_id, due_at) <= (served.owner_id, now())";

    /// <summary>The same for jobs that are all due: what was put off before goes by when it was wanted at first.</summary>
    public const string OfDue = "is_first, in_line_since, id";

    /// <summary>
    /// A condition for the jobs of a channel, with a literal: it is the condition of the channel's index, which the planner would not see in a
    /// parameter.
    /// </summary>
    public static string Of(Channel channel) => $"step_type = '{DbEnumNames.Upper(channel)}'";
}

/// <summary>A place in that order.</summary>
/// <param name="DueAt">When the job there is due.</param>
/// <param name="IsFirst">Whether it sends somebody the first mail.</param>
/// <param name="InLineSince">When it was wanted at first.</param>
/// <param name="Id">Its id, which the database compares as .NET does.</param>
internal readonly record struct JobSortKey(DateTime DueAt, bool IsFirst, DateTime InLineSince, Guid Id)
{
    /// <summary>Before all jobs.</summary>
    public static readonly JobSortKey Front = Of(DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc));

    /// <summary>Before all jobs that are due at an instant.</summary>
    public static JobSortKey Of(DateTime dueAt) => new(dueAt, false, DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), Guid.Empty);

    /// <summary>The place of a job.</summary>
    public static JobSortKey Of(StepJob job) => new(job.DueAt.UtcDateTime, job.IsFirst, (job.WantedAt ?? job.DueAt).UtcDateTime, job.Id);

    /// <summary>The first of some places.</summary>
    public static JobSortKey First(IEnumerable<JobSortKey> places) => places.MinBy(p => (p.DueAt, p.IsFirst, p.InLineSince, p.Id));

    /// <summary>Adds the place's parts as parameters.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.AddWithValue("from_due_at", NpgsqlDbType.TimestampTz, DueAt);
        parameters.AddWithValue("from_is_first", IsFirst);
        parameters.AddWithValue("from_in_line_since", NpgsqlDbType.TimestampTz, InLineSince);
        parameters.AddWithValue("from_id", Id);
    }

    /// <summary>Adds the parts of several places as arrays.</summary>
    public static void AddTo(NpgsqlParameterCollection parameters, IReadOnlyCollection<JobSortKey> places)
    {
        const NpgsqlDbType instants = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        parameters.AddWithValue("from_due_at", instants, places.Select(p => p.DueAt).ToArray());
        parameters.AddWithValue("from_is_first", places.Select(p => p.IsFirst).ToArray());
        parameters.AddWithValue("from_in_line_since", instants, places.Select(p => p.InLineSince).ToArray());
        parameters.AddWithValue("from_id", places.Select(p => p.Id).ToArray());
    }
}
