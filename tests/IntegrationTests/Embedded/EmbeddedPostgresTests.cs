using System.Diagnostics;
using FollowUp.Embedded;
using Npgsql;

namespace FollowUp.IntegrationTests.Embedded;

/// <summary>All tests share the cluster of the class, because creating one takes long.</summary>
public sealed class EmbeddedPostgresTests(EmbeddedPostgresTests.Cluster cluster) : IClassFixture<EmbeddedPostgresTests.Cluster>
{
    [Fact]
    public async Task A_started_server_has_the_database_and_accepts_connections()
    {
        await using var postgres = await cluster.Start();

        var answer = await Ask(postgres, "SELECT current_database() || ' ' || current_setting('max_connections')");

        answer.ShouldBe("followup 200");
    }

    [Fact]
    public async Task Text_is_utf8_and_sorts_by_code_point()
    {
        await using var postgres = await cluster.Start();

        var answer = await Ask(
            postgres,
            "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = 'followup'"
        );

        answer.ShouldBe("UTF8 C");
    }

    [Fact]
    public async Task Settings_of_the_caller_override_the_defaults()
    {
        await using var postgres = await cluster.Start(new() { ["max_connections"] = "20", ["application_name"] = @"it's a \ test" });

        var answer = await Ask(
            postgres,
            "SELECT setting || ' ' || current_setting('max_connections') FROM pg_settings WHERE name = 'application_name'"
        );

        answer.ShouldBe(@"it's a \ test 20");
    }

    [Fact]
    public async Task Data_survives_a_restart()
    {
        await using (var first = await cluster.Start())
        {
            await Ask(first, "CREATE TABLE kept AS SELECT 'still here' AS what");
        }

        await using var second = await cluster.Start();

        (await Ask(second, "SELECT what FROM kept")).ShouldBe("still here");
    }

    [Fact]
    public async Task Connecting_requires_the_password()
    {
        await using var postgres = await cluster.Start();

        var withoutPassword = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(withoutPassword.ConnectionString);

        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync())).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Disposing_leaves_no_process()
    {
        var postgres = await cluster.Start();
        IsAlive(postgres.Pid).ShouldBeTrue();

        await postgres.DisposeAsync();

        IsAlive(postgres.Pid).ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_program_on_the_same_folder_is_refused()
    {
        await using var postgres = await cluster.Start();

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.Start());

        refusal.Message.ShouldStartWith($"Another program is using the database in {cluster.Folder}");
        (await Ask(postgres, "SELECT 'untouched'")).ShouldBe("untouched");
    }

    [Fact]
    public async Task A_server_left_by_a_killed_program_is_taken_over_and_stopped_at_the_end()
    {
        await (await cluster.Start()).DisposeAsync();
        var left = await cluster.StartWithoutProgram();

        var adopter = await cluster.Start();

        adopter.Pid.ShouldBe(left);
        (await Ask(adopter, "SELECT 'adopted'")).ShouldBe("adopted");
        await adopter.DisposeAsync();
        IsAlive(left).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_left_with_other_settings_is_restarted()
    {
        await (await cluster.Start()).DisposeAsync();
        var left = await cluster.StartWithoutProgram();

        await using var postgres = await cluster.Start(new() { ["max_connections"] = "30" });

        postgres.Pid.ShouldNotBe(left);
        IsAlive(left).ShouldBeFalse();
        (await Ask(postgres, "SHOW max_connections")).ShouldBe("30");
    }

    [Fact]
    public async Task A_fresh_start_stops_a_leftover_server_and_creates_an_empty_cluster()
    {
        await using (var earlier = await cluster.Start())
        {
            await Ask(earlier, "CREATE TABLE old AS SELECT 1");
        }

        var left = await cluster.StartWithoutProgram();

        await using var postgres = await cluster.Start(fresh: true);

        IsAlive(left).ShouldBeFalse();
        (await Ask(postgres, "SELECT coalesce(to_regclass('old')::text, 'gone')")).ShouldBe("gone");
    }

    [Fact]
    public async Task A_start_succeeds_after_the_server_was_killed()
    {
        await (await cluster.Start()).DisposeAsync();
        using (var left = Process.GetProcessById(await cluster.StartWithoutProgram()))
        {
            left.Kill();
        }

        await using var postgres = await cluster.Start();

        (await Ask(postgres, "SELECT 'recovered'")).ShouldBe("recovered");
    }

    [Fact]
    public async Task A_start_succeeds_if_the_recorded_process_id_belongs_to_another_process()
    {
        await (await cluster.Start()).DisposeAsync();
        var lines = new[] { $"{Environment.ProcessId}", cluster.ClusterFolder, "1700000000", "5432", "", "127.0.0.1", "0 0", "ready" };
        await File.WriteAllLinesAsync(Path.Combine(cluster.ClusterFolder, "postmaster.pid"), lines);

        await using var postgres = await cluster.Start();

        (await Ask(postgres, "SELECT 'started'")).ShouldBe("started");
    }

    [Fact]
    public async Task A_failed_start_reports_the_servers_log()
    {
        var failure = await Should.ThrowAsync<EmbeddedPostgresException>(() => cluster.Start(new() { ["max_connections"] = "many" }));

        failure.Message.ShouldStartWith($"PostgreSQL did not start in {cluster.Folder}");
        failure.Message.ShouldContain("max_connections");
    }

    [Fact]
    public async Task Missing_PostgreSQL_programs_are_named()
    {
        var options = new EmbeddedPostgresOptions { DataFolder = cluster.Folder, BinFolder = "/nowhere" };

        var failure = await Should.ThrowAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.Start(options, CancellationToken.None));

        failure.Message.ShouldContain("/nowhere");
    }

    [Fact]
    public async Task A_folder_with_other_files_is_not_touched()
    {
        var folder = Directory.CreateTempSubdirectory("followup-files-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "letter.txt"), "Dear …");

        var refusal = await Should.ThrowAsync<EmbeddedPostgresException>(() =>
            EmbeddedPostgres.Start(new() { DataFolder = folder }, CancellationToken.None)
        );

        refusal.Message.ShouldContain("needs an empty folder");
        Directory.EnumerateFileSystemEntries(folder).ShouldHaveSingleItem();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string?> Ask(EmbeddedPostgres postgres, string sql)
    {
        // Unpooled: a connection of a stopped server must not come back in the next test.
        var connectionString = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    // Checking the process id is not enough: a container without an init keeps zombies.
    private bool IsAlive(int pid) => new RunningServer(pid, 0, cluster.ClusterFolder).IsAlive;

    /// <summary>A folder for one cluster, which is deleted in the end.</summary>
    public sealed class Cluster : IDisposable
    {
        /// <summary>The folder.</summary>
        public string Folder { get; } = Directory.CreateTempSubdirectory("followup-cluster-").FullName;

        /// <summary>Where PostgreSQL's own files are in it.</summary>
        public string ClusterFolder => Path.Combine(Folder, "cluster");

        /// <summary>Starts the server, not durable.</summary>
        public Task<EmbeddedPostgres> Start(Dictionary<string, string>? settings = null, bool fresh = false) =>
            EmbeddedPostgres.Start(
                new()
                {
                    DataFolder = Folder,
                    Durable = false,
                    Fresh = fresh,
                    Settings = settings ?? [],
                },
                CancellationToken.None
            );

        /// <summary>Starts the server as before, without a process that holds the lock: the state after a program was killed.</summary>
        public async Task<int> StartWithoutProgram()
        {
            var user = await ServerUser.For(ClusterFolder, CancellationToken.None);
            var program = Path.Combine(await PostgresPrograms.Find(null, null, CancellationToken.None), "pg_ctl");
            string[] arguments = ["start", "-w", "-D", ClusterFolder, "-l", Path.Combine(Folder, "server.log")];
            (await user.Run(program, arguments, TimeSpan.FromSeconds(30), CancellationToken.None)).Succeeded.ShouldBeTrue();
            return RunningServer.Of(ClusterFolder)!.Pid;
        }

        /// <inheritdoc/>
        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
