using System.Text;
using FollowUp.Application;
using FollowUp.Application.Accounts;
using FollowUp.Application.Behaviors;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Infrastructure.Instances;
using FollowUp.Infrastructure.Recipients;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace FollowUp.UnitTests.Bulk;

/// <summary>What a client sends is bounded in bytes and in time; rows that came before a limit stay valid.</summary>
public sealed class BulkBodyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ITransactions _transactions = Substitute.For<ITransactions>();

    [Fact]
    public async Task A_stalled_client_is_aborted()
    {
        var stalled = new Stalled("email\na@x.de\nb@x.de\n"u8.ToArray());
        await using var rows = new BulkReader()
            .Read(new BulkBody(stalled, _time), BulkFormat.Csv, BulkReading.Default, CancellationToken.None)
            .GetAsyncEnumerator();
        List<BulkRow<EnrolmentInput>> read = [];
        var reading = Task.Run(async () =>
        {
            while (await rows.MoveNextAsync())
            {
                read.Add(rows.Current);
            }
        });

        await stalled.Waits;
        _time.Advance(BulkBody.LongestPause);
        await reading;

        read.Select(row => (row.Line, row.Code, row.Error is null))
            .ShouldBe([(2, "malformed", true), (3, "malformed", true), (4, "tooSlow", false)]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a key")]
    public async Task A_list_of_suppressions_is_bounded_and_no_truncated_response_is_stored(string? key)
    {
        var added = await AddStalled(key, "email\na@x.de\nb@x.de\n");

        (added.Total, added.Added, added.Rejected).ShouldBe((3, 2, 1));
        added.Errors.Single().Code.ShouldBe("tooSlow");
        _transactions.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task No_answer_that_was_cut_off_is_kept_even_if_it_has_no_room_for_the_error()
    {
        var added = await AddStalled("a key", $"email\n{string.Concat(Enumerable.Repeat("no address\n", 1_000))}");

        (added.Total, added.Rejected).ShouldBe((1_001, 1_001));
        added.Errors.ShouldAllBe(error => error.Code == "invalid");
        _transactions.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_may_not_take_longer_than_an_hour()
    {
        await using var body = new BulkBody(new MemoryStream(new byte[10]), _time);
        (await body.ReadAsync(new byte[1])).ShouldBe(1);

        _time.Advance(BulkBody.MostTime);

        (await Should.ThrowAsync<BulkLimitException>(async () => _ = await body.ReadAsync(new byte[1]))).Code.ShouldBe("tooSlow");
    }

    [Fact]
    public async Task A_body_has_a_maximum_length()
    {
        await using var body = new BulkBody(new Endless(), _time);
        var buffer = new byte[64 * 1024 * 1024];
        for (var i = 0; i < 16; i++)
        {
            _ = await body.ReadAsync(buffer);
        }

        (await Should.ThrowAsync<BulkLimitException>(async () => _ = await body.ReadAsync(buffer))).Code.ShouldBe("tooLarge");
    }

    /// <summary>Imports suppressions from a client that sends a text and then nothing.</summary>
    private async Task<BulkSuppressionView> AddStalled(string? key, string text)
    {
        var stalled = new Stalled(Encoding.UTF8.GetBytes(text));
        var batches = Substitute.For<ISuppressionBatches>();
        batches.Store(default!, default).ReturnsForAnyArgs(2);
        var clock = Substitute.For<IDatabaseClock>();
        clock.Now(default).ReturnsForAnyArgs(_time.GetUtcNow());
        var (caller, keys) = (Substitute.For<ICaller>(), Substitute.For<IIdempotencyKeys>());
        caller.IdempotencyKey.Returns(key);
        keys.Find(default!, default).ReturnsForAnyArgs((KeptAnswer?)null);
        var keyed = new KeyedBulk(caller, keys, _transactions);
        var handler = new AddManySuppressionsHandler(new SuppressionReader(), batches, clock, caller, keyed, _time);
        var adding = handler.Handle(new AddManySuppressions(stalled, BulkFormat.Csv, null), CancellationToken.None);

        await Task.WhenAny(stalled.Waits, adding);
        _time.Advance(BulkBody.LongestPause);
        return (await adding.WaitAsync(TimeSpan.FromSeconds(30))).Value;
    }

    /// <summary>Gives its bytes, and then nothing, for as long as the reader waits.</summary>
    private sealed class Stalled(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waits => _waits.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                var never = Task.Delay(Timeout.Infinite, cancellationToken);
                _waits.TrySetResult();
                await never;
            }

            return count;
        }
    }

    private sealed class Endless : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(buffer.Length);
    }
}
