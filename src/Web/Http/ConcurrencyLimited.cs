namespace FollowUp.Web.Http;

/// <summary>Marks an endpoint with a concurrency limit per caller; requests run in order of arrival.</summary>
/// <param name="Queue">The queue that the endpoint shares with others.</param>
internal sealed record ConcurrencyLimited(string Queue)
{
    /// <summary>Queue of all requests that read much or render.</summary>
    public static readonly ConcurrencyLimited Instance = new("");

    /// <summary>Queue of reads of single sequences and versions. Most are small and should not wait behind a page of a list.</summary>
    public static readonly ConcurrencyLimited Sequences = new("sequences of ");

    /// <summary>Queue of changes, which may wait for the lock of a row with a database connection each.</summary>
    public static readonly ConcurrencyLimited Writes = new("changes of ");

    /// <summary>Queue of bulk bodies, each of which lasts as long as its client sends.</summary>
    public static readonly ConcurrencyLimited Bulk = new("bulk bodies of ");
}
