namespace FollowUp.Infrastructure.Dispatch;

/// <summary>One filling of a node's free lanes: the claims that were made for it so far, and how to make another one.</summary>
internal sealed class ClaimRound(NpgsqlConnection connection, int most, LaneShares shares, Func<PlannedClaim, Task<Claim>> claim)
{
    public NpgsqlConnection Connection => connection;
    public List<ClaimedStep> Steps { get; } = [];
    public int Free => most - Steps.Count;
    public bool MayLeaveMore => Steps.Count > most / 2;
    public LaneShares Shares => shares;

    public int LeftOf(Guid owner) => shares.LeftOf(owner, Steps);

    public bool HasLanes(Guid owner) => LeftOf(owner) > 0;

    /// <summary>The number of free lanes that any owner may use; notes when some are withheld (<see cref="LaneShares.Withheld"/>).</summary>
    public int LanesForAnyOwner() => shares.ForAnyOwner(Steps);

    public async Task<Claim> Claim(PlannedClaim planned)
    {
        var claimed = await claim(planned);
        Steps.AddRange(claimed.Steps);
        return claimed;
    }
}
