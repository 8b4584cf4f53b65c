using FollowUp.Domain.Shared;

namespace FollowUp.UnitTests.Domain;

public sealed class IdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 29, 1, 59, 59, 999, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_uuid_of_version_7_that_begins_with_its_instant()
    {
        var id = Ids.New(Now);

        id.Version.ShouldBe(7);
        (id.Variant & 0b1100).ShouldBe(0b1000);
        id.ToString("N")[..12].ShouldBe(Guid.CreateVersion7(Now).ToString("N")[..12]);
    }

    [Fact]
    public async Task No_two_ids_of_one_instant_are_the_same_whichever_threads_make_them()
    {
        var made = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 5_000).Select(_ => Ids.New(Now)).ToList()))
        );

        var ids = made.SelectMany(some => some).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
        // Each of the 74 random bits is set in about half of them.
        var set = Enumerable
            .Range(0, 128)
            .Select(bit => ids.Count(id => (id.ToByteArray(bigEndian: true)[bit / 8] >> (7 - (bit % 8)) & 1) == 1));
        set.Skip(52).Where((_, bit) => bit is not (12 or 13)).ShouldAllBe(count => count > ids.Count * 0.45 && count < ids.Count * 0.55);
    }

    [Fact]
    public void An_instant_before_1970_makes_none() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Ids.New(DateTimeOffset.UnixEpoch.AddMilliseconds(-1)));
}
