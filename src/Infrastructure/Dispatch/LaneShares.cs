namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Limits how many of a node's lanes the steps of one owner may hold while other owners wait. A round-robin shares only the number of claims: an
/// owner whose steps each hold a lane for seconds would hold nearly all lanes, because such a lane rarely becomes free and then every second claim is
/// that owner's again.
/// </summary>
/// <remarks>
/// An owner's share is an equal part of the lanes. An owner may use lanes beyond its share that the others leave free, except for one eighth of the
/// lanes, which is reserved for owners below their share. Some lanes are therefore idle while the others have few steps, but a step of theirs never
/// waits for a slow one.
/// </remarks>
internal sealed class LaneShares
{
    /// <summary>One lane in this many is reserved for owners below their share; at least one if there is more than one lane.</summary>
    private const int KeptOneIn = 8;

    private readonly Dictionary<Guid, int> _held;
    private readonly int _free;
    private readonly int _share;
    private readonly int _kept;

    /// <param name="waiting">The number of owners with due steps as of the last look; with 0 or 1 no owner waits for another one's steps.</param>
    public LaneShares(int free, IReadOnlyCollection<ClaimedStep> running, int waiting)
    {
        var lanes = free + running.Count;
        _free = free;
        _held = running.GroupBy(OwnerOf).ToDictionary(held => held.Key, held => held.Count());
        (_share, _kept) = waiting > 1 && lanes > 1 ? ((lanes + waiting - 1) / waiting, Math.Max(1, lanes / KeptOneIn)) : (int.MaxValue, 0);
    }

    /// <summary>Whether shares apply: several owners wait, and there is more than one lane.</summary>
    public bool AreBounded => _kept > 0;

    /// <summary>Whether free lanes were withheld from owners who have due steps.</summary>
    public bool Withheld { get; private set; }

    /// <summary>The number of lanes left in an owner's share after the steps that were just claimed.</summary>
    public int LeftOf(Guid owner, IReadOnlyCollection<ClaimedStep> claimed) =>
        !AreBounded ? int.MaxValue : _share - _held.GetValueOrDefault(owner) - claimed.Count(step => OwnerOf(step) == owner);

    /// <summary>
    /// The number of free lanes that any owner may use after the steps that were just claimed. Sets <see cref="Withheld"/> when the rest is reserved.
    /// </summary>
    public int ForAnyOwner(IReadOnlyCollection<ClaimedStep> claimed)
    {
        var left = _free - claimed.Count;
        Withheld |= AreBounded && left > 0 && left <= _kept;
        return Math.Max(0, left - _kept);
    }

    private static Guid OwnerOf(ClaimedStep step) => step.Instance.OwnerId.Value;
}
