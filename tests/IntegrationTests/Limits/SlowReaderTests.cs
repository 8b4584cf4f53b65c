using System.Net.Sockets;
using System.Text;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>
/// A slow reader holds no database session. The responses are larger than all buffers on the way, so the program is still writing when the test
/// checks the sessions.
/// </summary>
public sealed class SlowReaderTests(TestProgram program) : ApiTest(program)
{
    /// <summary>More than what the server and both sockets buffer.</summary>
    private const int LargerThanBuffers = 16 * 1024 * 1024;

    private readonly TestProgram _program = program;

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task A_slow_reader_of_the_log_holds_no_session(string accept)
    {
        await Alice.Enroll(await Alice.Sequence(MinimalSequence));
        await FillLog("public");

        await ShouldKeepNoSession("/api/events", accept, "follow_up_event");
    }

    [Fact]
    public async Task A_slow_reader_of_the_suppressions_holds_no_session()
    {
        (await Alice.Post("/api/suppressions", """{"address":"first@example.org"}""")).ShouldBe(201);
        await Database.Execute(
            """
            INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
            SELECT gen_random_uuid(), owner_id, 'EMAIL', n || repeat('x', 2000) || '@example.org', 'manual', now()
            FROM suppression, generate_series(1, 10000) n
            """
        );

        await ShouldKeepNoSession("/api/suppressions", "text/csv", "suppression");
    }

    /// <summary>A sandbox works on two requests at once: each of these two would hold one of its slots.</summary>
    [Fact]
    public async Task Slow_readers_in_a_sandbox_hold_neither_slots_nor_sessions()
    {
        var key = (await Alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = WithKey(key);
        await box.Enroll(await box.Sequence(MinimalSequence));
        await FillLog($"sandbox_{Guid.Parse((await Alice.Get("/api/me")).Json["id"]!.ToString()):N}");
        const string Accept = "Accept: application/x-ndjson\r\n";

        using var first = await SlowReader.Start(_program, "/api/events", box.Credential, Accept);
        using var second = await SlowReader.Start(_program, "/api/events", box.Credential, Accept);
        (await first.Read(12)).ShouldBe("HTTP/1.1 200");
        (await second.Read(12)).ShouldBe("HTTP/1.1 200");

        (await box.Get("/api/sandbox/clock").WaitAsync(TimeSpan.FromMinutes(2))).ShouldBe(200);
        (await box.Enroll(await box.Sequence(MinimalSequence))).ShouldNotBeEmpty();
        (await Sessions("(state <> 'idle' OR xact_start IS NOT NULL) AND application_name LIKE '%sandbox'")).ShouldBe(0);
        (await first.ReadAll()).ShouldBeGreaterThan(LargerThanBuffers);
        (await second.ReadAll()).ShouldBeGreaterThan(LargerThanBuffers);
    }

    /// <summary>Adds events to the one instance in a schema.</summary>
    private Task<int> FillLog(string schema) =>
        Database.Execute(
            $"""
            SET session_replication_role = replica;
            INSERT INTO {schema}.follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                                  previous_hash, hash)
            SELECT gen_random_uuid(), owner_id, instance_id, sequence_id, version, number + n, NULL, 'paused', NULL,
                   json_build_object('note', repeat('x', 4000)), now(), hash, hash
            FROM {schema}.follow_up_event, generate_series(1, 6000) n WHERE number = 1;
            SET session_replication_role = DEFAULT;
            """
        );

    private async Task ShouldKeepNoSession(string path, string accept, string table)
    {
        using var reader = await SlowReader.Start(_program, path, Alice.Credential, $"Accept: {accept}\r\n");
        (await reader.Read(12)).ShouldBe("HTTP/1.1 200");

        // An export in one transaction, or in one statement, would keep its session until the client has read all of it. Between two pages a session
        // is idle for a moment, so several looks in a row have to find none.
        await Eventually.Holds(async () => await LooksWithoutSession(table), "no session is busy with the export");
        (await Alice.Get("/api/me")).ShouldBe(200);
        (await Sessions("xact_start IS NOT NULL AND query ~ $1", table)).ShouldBe(0);

        (await reader.ReadAll()).ShouldBeGreaterThan(LargerThanBuffers);
    }

    private async Task<bool> LooksWithoutSession(string table)
    {
        for (var look = 0; look < 20; look++)
        {
            if (await Sessions("(state <> 'idle' OR xact_start IS NOT NULL) AND query ~ $1", table) > 0)
            {
                return false;
            }

            await Task.Delay(20);
        }

        return true;
    }

    /// <summary>Sessions of the program, which are not this test's own, in a state.</summary>
    private Task<long> Sessions(string condition, params object[] parameters) =>
        Database.Read<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query !~ 'pg_stat_activity' AND {condition}",
            parameters
        );

    /// <summary>A client with a small buffer that reads only on request.</summary>
    internal sealed class SlowReader : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

        public static async Task<SlowReader> Start(
            TestProgram program,
            string path,
            (string Name, string Value) credential,
            string headers = ""
        )
        {
            var reader = new SlowReader();
            await reader._socket.ConnectAsync(program.Http.BaseAddress!.Host, program.Http.BaseAddress.Port);
            await reader._socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    $"GET {path} HTTP/1.1\r\nHost: localhost\r\n{credential.Name}: {credential.Value}\r\n{headers}Connection: close\r\n\r\n"
                )
            );
            return reader;
        }

        public async Task<string> Read(int bytes)
        {
            var buffer = new byte[bytes];
            var read = 0;
            while (read < bytes && await _socket.ReceiveAsync(buffer.AsMemory(read)) is > 0 and var more)
            {
                read += more;
            }

            return Encoding.ASCII.GetString(buffer, 0, read);
        }

        public async Task<long> ReadAll()
        {
            var buffer = new byte[256 * 1024];
            var total = 0L;
            while (await _socket.ReceiveAsync(buffer) is > 0 and var more)
            {
                total += more;
            }

            return total;
        }

        public void Dispose() => _socket.Dispose();
    }
}
