using FollowUp.Application;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NSubstitute;

namespace FollowUp.UnitTests.Persistence;

public sealed class DatabaseWatchTests
{
    // The driver's exceptions for a statement that exceeded its command timeout, and for a server that cannot be reached.
    private static readonly NpgsqlException Timeout = new("Exception while reading from stream", new TimeoutException());
    private static readonly NpgsqlException Unreachable = new("Failed to connect", new TimeoutException());

    private readonly IDatabaseMetrics _metrics = Substitute.For<IDatabaseMetrics>();
    private readonly DatabaseWatch _watch;

    public DatabaseWatchTests() => _watch = new(_metrics, new FakeTimeProvider(), NullLogger<DatabaseWatch>.Instance);

    [Fact]
    public void A_statement_that_timed_out_does_not_mean_that_the_database_is_lost()
    {
        _watch.Explains(Timeout).ShouldBeFalse();
        _watch.Explains(new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable)).ShouldBeFalse();

        _watch.IsLost.ShouldBeFalse();
        _metrics.DidNotReceive().DatabaseReachable(false);
    }

    [Fact]
    public void While_the_database_is_lost_it_explains_timeouts_of_open_connections()
    {
        _watch.Explains(Unreachable).ShouldBeTrue();

        _watch.Explains(Timeout).ShouldBeTrue();

        _metrics.Received(1).DatabaseReachable(false);
        _watch.Reached();
        _watch.Explains(Timeout).ShouldBeFalse();
    }
}
