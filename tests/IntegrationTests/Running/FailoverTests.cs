using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.IntegrationTests.Running;

/// <summary>The primary crashes under load, its synchronous standby is promoted, and two nodes continue.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private const int Recipients = 400;
    private const int Lanes = 8;
    private static readonly TimeSpan GoesOnWithin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, byte> _acknowledged = new();
    private readonly ConcurrentBag<string> _wrongAnswers = [];
    private FakeIssuer _issuer = null!;
    private FakeSendGrid _sendGrid = null!;
    private PostgresCluster _primary = null!;
    private PostgresCluster _standby = null!;
    private NpgsqlDataSource _promoted = null!;

    public async Task InitializeAsync()
    {
        _issuer = await FakeIssuer.Start();
        _sendGrid = await FakeSendGrid.Start();
        _sendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(20));
        var name = $"followup-failover-{Environment.ProcessId}";
        _primary = await PostgresCluster.Create($"{name}-a", ("fsync", "off"));
        _standby = await _primary.Standby($"{name}-b");
        await _primary.WaitForStandbys();
        _promoted = NpgsqlDataSource.Create(_standby.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _promoted.DisposeAsync();
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
        await _issuer.DisposeAsync();
        await _sendGrid.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_continue_within_10_seconds_of_a_promotion_without_loss_or_duplicates()
    {
        using var one = Node();
        using var two = Node();
        await one.IsReady();
        await two.IsReady();
        var sequence = await Enroll(one);
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(KeepEnrolling(one, sequence, over.Token), KeepEnrolling(two, sequence, over.Token));
        await Eventually.Holds(() => Task.FromResult(_sendGrid.Accepted.Count > Recipients / 2), "the nodes are under load");

        await _primary.Kill();
        await _standby.Promote();
        var promoted = Stopwatch.StartNew();
        var (mails, acknowledged) = (_sendGrid.Accepted.Count, _acknowledged.Count);

        await GoesOn(promoted, () => _sendGrid.Accepted.Count > mails + (4 * Lanes), "steps are carried out", one, two);
        await GoesOn(promoted, () => _acknowledged.Count > acknowledged + 2, "commands are carried out", one, two);
        foreach (var node in (ProgramProcess[])[one, two])
        {
            await GoesOn(promoted, async () => (await node.Http.GetAsync("/health/ready")).IsSuccessStatusCode, "ready", one, two);
        }

        await over.CancelAsync();
        await load;
        await Eventually.Holds(
            async () => await Read<long>("SELECT count(*) FROM step_job WHERE state <> 'in_doubt'") == 0,
            "everything is carried out",
            patience: TimeSpan.FromMinutes(1)
        );

        _wrongAnswers.ShouldBeEmpty();
        await NothingIsLost();
        await NothingIsSentTwice();
    }

    private async Task NothingIsLost()
    {
        (await Read<long>("SELECT count(*) FROM instance WHERE id = ANY ($1)", _acknowledged.Keys.ToArray())).ShouldBe(
            _acknowledged.Count,
            "what was acknowledged is there"
        );
        (await Read<long>("SELECT count(*) FROM instance WHERE email LIKE 'p%'")).ShouldBe(Recipients);
        (
            await Read<string>("SELECT coalesce(string_agg(DISTINCT status || coalesce(' ' || attention, ''), ', '), '') FROM instance")
        ).ShouldBeOneOf("COMPLETED", "ACTIVE inDoubt, COMPLETED");
        (
            await Read<long>(
                """
                SELECT count(*) FROM instance i
                WHERE i.event_count <> (SELECT count(*) FROM follow_up_event e WHERE e.instance_id = i.id)
                   OR i.event_count <> (SELECT max(number) FROM follow_up_event e WHERE e.instance_id = i.id)
                   OR i.status = 'COMPLETED'
                      AND 3 <> (SELECT count(*) FROM follow_up_event e WHERE e.instance_id = i.id AND e.status = 'sent')
                """
            )
        ).ShouldBe(0, "timelines are whole");
        (await Read<long>("SELECT count(*) FROM attempt WHERE status = 'SENDING'")).ShouldBe(0);
    }

    private async Task NothingIsSentTwice()
    {
        var mails = _sendGrid.Accepted.GroupBy(m => (m.InstanceId, m.Subject)).ToDictionary(g => g.Key, g => g.Count());
        mails.Values.ShouldAllBe(count => count == 1);
        var doubtful = await Read<long>("SELECT count(*) FROM step_job");
        doubtful.ShouldBeLessThanOrEqualTo(2 * Lanes, "only what was being sent may be in doubt");
        var sent = await Read<long>("SELECT count(*) FROM follow_up_event WHERE type = 'EMAIL' AND status = 'sent'");
        ((long)mails.Count).ShouldBeInRange(sent, sent + doubtful);
    }

    private ProgramProcess Node() =>
        ProgramProcess.Start(
            ("ConnectionStrings__FollowUp", _primary.ConnectionStringWith(_standby)),
            ("Authentication__Authority", _issuer.Url),
            ("Authentication__Audience", FakeIssuer.Audience),
            ("Email__Provider", "sendgrid"),
            ("Email__From", "sales@followup.example"),
            ("SendGrid__ApiKey", _sendGrid.ApiKey),
            ("SendGrid__BaseUrl", _sendGrid.Url),
            ("Dispatcher__Lanes", $"{Lanes}")
        );

    private HttpRequestMessage Request(string path, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("Authorization", $"Bearer {_issuer.Token()}");
        return request;
    }

    private async Task<string> Enroll(ProgramProcess node)
    {
        object[] steps =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(n => new
                {
                    type = "EMAIL",
                    subject = $"mail {n}",
                    body = "<p>Hi</p>",
                }),
        ];
        var created = await node.Http.SendAsync(Request("/api/sequences", JsonContent.Create(new { name = "Follow-up", steps })));
        var sequence = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var rows = string.Concat(
            Enumerable.Range(0, Recipients).Select(n => $$$"""{"recipient":{"email":"p{{{n}}}@example.com"}}{{{"\n"}}}""")
        );
        var body = new StringContent(rows, Encoding.UTF8, "application/x-ndjson");
        (await node.Http.SendAsync(Request($"/api/sequences/{sequence}/instances/bulk", body))).EnsureSuccessStatusCode();
        return sequence;
    }

    /// <summary>Enrols one after the other, and repeats each under its key until it is acknowledged, as a careful client does.</summary>
    private async Task KeepEnrolling(ProgramProcess node, string sequence, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var key = Guid.NewGuid().ToString("N");
            HttpResponseMessage answer;
            do
            {
                using var request = Request(
                    $"/api/sequences/{sequence}/instances",
                    JsonContent.Create(new { recipient = new { email = $"{key}@example.com" } })
                );
                request.Headers.Add("Idempotency-Key", key);
                answer = await node.Http.SendAsync(request, CancellationToken.None);
                await Task.Delay(30, CancellationToken.None);
            } while (answer.StatusCode == HttpStatusCode.ServiceUnavailable && !over.IsCancellationRequested);

            if (answer.StatusCode == HttpStatusCode.Created)
            {
                _acknowledged[(await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("id").GetGuid()] =
                    0;
            }
            else if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                _wrongAnswers.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }
        }
    }

    private static Task GoesOn(Stopwatch promoted, Func<bool> condition, string claim, params ProgramProcess[] nodes) =>
        GoesOn(promoted, () => Task.FromResult(condition()), claim, nodes);

    private static async Task GoesOn(Stopwatch promoted, Func<Task<bool>> condition, string claim, params ProgramProcess[] nodes)
    {
        while (!await condition())
        {
            promoted.Elapsed.ShouldBeLessThan(
                GoesOnWithin,
                $"{claim}\n{string.Join("\n\n", nodes.Select(n => n.Output[^Math.Min(n.Output.Length, 4000)..]))}"
            );
            await Task.Delay(15);
        }
    }

    private async Task<T> Read<T>(string sql, params object[] parameters)
    {
        await using var command = _promoted.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetFieldValue<T>(0);
    }
}
