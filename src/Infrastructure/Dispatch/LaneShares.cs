using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// How many of a node's lanes one owner's steps may hold while other owners wait. Taking turns shares the number of claims only: an owner whose steps
/// each hold a lane for seconds would hold nearly all of them, because such a lane becomes free rarely and then every other claim is this owner's again.
/// </summary>
/// <remarks>
/// An owner's share is an equal part of the lanes. Lanes that the others leave may be used beyond it, except an eighth of the lanes, which stays free
/// for owners below their share: a little is idle while others have few steps, and a step of theirs never waits for a slow one.
/// </remarks>
internal sealed class LaneShares
{
    /// <summary>One lane in this many is kept for owners below their share; at least one, where there is more than one.</summary>
    private const int KeptOneIn = 8;

    private readonly Dictionary<Guid, int> _held;
    private readonly int _free;
    private readonly int _share;
    private readonly int _kept;

    /// <param name="free">How many lanes are free.</param>
    /// <param name="inHand">The steps that hold the others.</param>
    /// <param name="waiting">How many owners have due steps, as of the last look; 0 and 1 mean that nobody waits for another owner's steps.</param>
    public LaneShares(int free, IReadOnlyCollection<ClaimedStep> inHand, int waiting)
    {
        var lanes = free + inHand.Count;
        _free = free;
        _held = inHand.GroupBy(OwnerOf).ToDictionary(held => held.Key, held => held.Count());
        (_share, _kept) = waiting > 1 && lanes > 1 ? ((lanes + waiting - 1) / waiting, Math.Max(1, lanes / KeptOneIn)) : (int.MaxValue, 0);
    }

    /// <summary>Whether owners have shares at all: several wait, and there is more than one lane.</summary>
    public bool AreBounded => _kept > 0;

    /// <summary>Whether free lanes were kept from owners who have due steps.</summary>
    public bool Withheld { get; private set; }

    /// <summary>How many more lanes an owner's share has, after the steps that were claimed just now.</summary>
    public int RoomOf(Guid owner, IReadOnlyCollection<ClaimedStep> claimed) =>
        !AreBounded ? int.MaxValue : _share - _held.GetValueOrDefault(owner) - claimed.Count(step => OwnerOf(step) == owner);

    /// <summary>How many of the free lanes any owner may use, after the steps that were claimed just now.</summary>
    public int ForAnyOwner(IReadOnlyCollection<ClaimedStep> claimed)
    {
        var left = _free - claimed.Count;
        Withheld |= AreBounded && left > 0 && left <= _kept;
        return Math.Max(0, left - _kept);
    }

    private static Guid OwnerOf(ClaimedStep step) => step.Instance.OwnerId.Value;
}
