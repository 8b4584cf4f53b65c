using FollowUp.Web.Platform;

namespace FollowUp.UnitTests.Web;

/// <summary>How many event streams a user and a node may have open.</summary>
public sealed class LiveStreamsTests
{
    private readonly LiveStreams _streams = new();

    [Fact]
    public void A_user_has_ten_places_and_other_users_their_own()
    {
        var places = Enumerable.Range(0, LiveStreams.MostPerUser).Select(_ => _streams.TryTake("alice", out bool _)!).ToList();

        _streams.TryTake("alice", out var isNodeFull).ShouldBeNull();
        isNodeFull.ShouldBeFalse();
        _streams.TryTake("bob", out _).ShouldNotBeNull();
        places[0].Dispose();
        _streams.TryTake("alice", out _).ShouldNotBeNull();
        _streams.TryTake("alice", out _).ShouldBeNull();
    }

    [Fact]
    public void A_full_node_refuses_every_user_until_a_stream_ends()
    {
        var places = Enumerable
            .Range(0, LiveStreams.MostPerNode)
            .Select(i => _streams.TryTake($"user {i / LiveStreams.MostPerUser}", out bool _)!)
            .ToList();

        _streams.TryTake("alice", out var isNodeFull).ShouldBeNull();
        isNodeFull.ShouldBeTrue();
        places[^1].Dispose();
        _streams.TryTake("alice", out isNodeFull).ShouldNotBeNull();
        isNodeFull.ShouldBeFalse();
    }
}
