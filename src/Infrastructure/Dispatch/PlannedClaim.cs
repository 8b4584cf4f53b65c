namespace FollowUp.Infrastructure.Dispatch;

/// <summary>The jobs that a claim takes: the statement that finds and locks them, the maximum number, and its parameters.</summary>
/// <param name="From">Where to start reading, for each of <paramref name="Owners"/> if there are any.</param>
/// <param name="Owners">The owners that are served; null for all.</param>
/// <param name="Probe">The instance whose step probes a provider; null for every other claim.</param>
internal sealed record PlannedClaim(string Sql, int Most, JobSortKey[] From, Guid[]? Owners = null, Guid? Probe = null)
{
    public static PlannedClaim Oldest(string filter, int most, JobSortKey? from = null) =>
        new(ClaimStatements.Oldest(filter, most), most, [from ?? JobSortKey.Front]);

    public static PlannedClaim OldestOfEach(string filter, Guid[] owners, int each, JobSortKey[]? from = null) =>
        new(ClaimStatements.OldestOfEach(filter, each), each * owners.Length, from ?? [.. owners.Select(_ => JobSortKey.Front)], owners);

    public static PlannedClaim ProbeWith(InstanceId instance) => new(ClaimStatements.DueOf, 1, [JobSortKey.Front], Probe: instance.Value);
}
