using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FollowUp.IntegrationTests.Support;

/// <summary>
/// A clock that only a test moves, for a database and its nodes. As in a sandbox, <c>now()</c> and <c>clock_timestamp()</c> are functions of a
/// schema that precedes <c>pg_catalog</c> in the search path.
/// </summary>
internal sealed class DatabaseClock(TestDatabase database, DateTimeOffset start)
{
    private const string Schema = "test_clock";

    /// <summary>The nodes' clock. It moves with the database's, so no operation takes time.</summary>
    public FakeTimeProvider Time { get; } = new(start);

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>The setting that makes a node use the clock.</summary>
    public (string, string) Setting =>
        (
            "ConnectionStrings:FollowUp",
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { SearchPath = $"{Schema},pg_catalog,public" }.ConnectionString
        );

    public async Task<DatabaseClock> Install()
    {
        await database.Execute(
            $"""
            DROP SCHEMA IF EXISTS {Schema} CASCADE;
            CREATE SCHEMA {Schema};
            CREATE TABLE {Schema}.clock (instant timestamptz NOT NULL);
            INSERT INTO {Schema}.clock VALUES ('{Now:O}');
            CREATE FUNCTION {Schema}.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT instant FROM {Schema}.clock';
            CREATE FUNCTION {Schema}.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT instant FROM {Schema}.clock';
            """
        );
        return this;
    }

    public async Task MoveTo(DateTimeOffset instant)
    {
        Time.SetUtcNow(instant);
        await database.Execute($"UPDATE {Schema}.clock SET instant = $1", instant.ToUniversalTime());
    }
}
