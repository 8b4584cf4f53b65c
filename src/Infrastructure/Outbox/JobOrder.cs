namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// The one order in which jobs go out, for everything that picks or places many: by when they are due; among those that are due at the same
/// instant, as at the opening of a window or the first instant of a day under a cap, follow-ups before first mails, and then by when they
/// were wanted, which stays however often they are put off. Indexes of <c>step_job</c> are in this order.
/// </summary>
internal static class JobOrder
{
    /// <summary>For an ORDER BY over <c>step_job</c>.</summary>
    public const string Sql = "due_at, is_first, wanted_at, id";

    /// <summary>The same for jobs that are all due: what was put off before goes by when it was wanted at first.</summary>
    public const string OfDue = "is_first, coalesce(wanted_at, due_at), id";
}
