namespace FollowUp.Web.Endpoints;

/// <summary>Marks an endpoint whose requests run a few at a time for each caller, in the order in which they came.</summary>
/// <param name="Queue">With which others it takes turns.</param>
internal sealed record ConcurrencyLimited(string Queue)
{
    /// <summary>With everything that reads much or renders.</summary>
    public static readonly ConcurrencyLimited Instance = new("");

    /// <summary>With other reads of single sequences and versions. Most are small, and do not wait behind a page of a list.</summary>
    public static readonly ConcurrencyLimited Sequences = new("sequences of ");

    /// <summary>With other bulk bodies: each lasts for as long as its client sends.</summary>
    public static readonly ConcurrencyLimited Bulk = new("bulk bodies of ");
}
