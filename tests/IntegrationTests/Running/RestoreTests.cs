using System.Globalization;
using FollowUp.Embedded;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.IntegrationTests.Running;

/// <summary>A backup of yesterday is restored, and the program started on it. listmonk#1801: such a database sent old campaigns again.</summary>
public sealed class RestoreTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private FakeSendGrid _sendGrid = null!;

    public async Task InitializeAsync()
    {
        await database.Empty();
        _sendGrid = await FakeSendGrid.Start();
    }

    public async Task DisposeAsync() => await _sendGrid.DisposeAsync();

    [Fact]
    public async Task After_a_restore_of_an_old_dump_steps_older_than_MaxLateness_need_confirmation_by_a_user()
    {
        await using var node = await TestNode.Create(database, _sendGrid);
        var sequence = await node.Sequence(Steps.Email("old news"));
        var old = await node.Enroll(sequence, "old@example.com");
        var recent = await node.Enroll(sequence, "recent@example.com");
        await database.Execute("UPDATE step_job SET due_at = now() - interval '49 hours' WHERE instance_id = $1", old.Id);
        await database.Execute("UPDATE step_job SET due_at = now() - interval '47 hours' WHERE instance_id = $1", recent.Id);
        var backup = Path.Combine(Path.GetTempPath(), $"followup-restore-{Environment.ProcessId}.dump");
        await Run("pg_dump", database.ConnectionString, "--format=custom", "--file=" + backup);
        // Both mails were sent after the dump.
        await node.Start();
        await Eventually.Holds(() => Task.FromResult(_sendGrid.Accepted.Count == 2), "both went out");
        await node.Stop();

        var restored = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "restored" }.ConnectionString;
        await database.Execute("CREATE DATABASE restored");
        await Run("pg_restore", restored, "--exit-on-error", backup);
        File.Delete(backup);
        using var program = ProgramProcess.Start(
            ("ConnectionStrings__FollowUp", restored),
            ("Role", "worker"),
            ("Email__Provider", "sendgrid"),
            ("Email__From", "sales@followup.example"),
            ("SendGrid__ApiKey", _sendGrid.ApiKey),
            ("SendGrid__BaseUrl", _sendGrid.Url),
            ("Dispatcher__MaxLateness", "2d")
        );
        await using var source = NpgsqlDataSource.Create(restored);
        await Eventually.Holds(
            async () => await Status(source, old.Id) == "PAUSED late" && await Status(source, recent.Id) == "COMPLETED ",
            "the old one waits for a person, the recent one goes on",
            patience: TimeSpan.FromSeconds(90)
        );

        _sendGrid.Accepted.Count(m => m.InstanceId == old.Id).ShouldBe(1);
        _sendGrid
            .Accepted.Count(m => m.InstanceId == recent.Id)
            .ShouldBe(2, "what is not as late is sent again: the dump does not know better");
    }

    private static async Task Run(string program, string connectionString, params string[] arguments)
    {
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        var target = string.Create(
            CultureInfo.InvariantCulture,
            $"host={to.Host} port={to.Port} user={to.Username} password={to.Password} dbname={to.Database}"
        );
        var file = Path.Combine(await PostgresPrograms.Find(null, null, CancellationToken.None), program);
        var result = await ChildProgram.Run(file, [.. arguments, "--dbname=" + target], TimeSpan.FromMinutes(1), CancellationToken.None);
        result.Succeeded.ShouldBeTrue(result.Output);
    }

    private static async Task<string> Status(NpgsqlDataSource source, Guid instance)
    {
        await using var command = source.CreateCommand("SELECT status || ' ' || coalesce(attention, '') FROM instance WHERE id = $1");
        command.Parameters.Add(new() { Value = instance });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
