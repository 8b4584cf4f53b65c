using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Running;

/// <summary>What the program exports as traces, and logs as delivered, holds no unsubscribe token, no address and no credential.</summary>
public sealed class TracePrivacyTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Person = "hidden.person@receiver.example";
    private const string Phone = "+4915199988877";

    [Fact]
    public async Task Traces_and_logs_contain_no_token_and_no_address()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var twilio = await FakeTwilio.Start(authToken: "the-secret-of-twilio");
        twilio.Default = FakeTwilio.Refuses(400, 21211, $"The 'To' number {Phone} is not a valid phone number.");
        using var collector = new Collector();
        using var program = ProgramProcess.Start(
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ConnectionStrings__FollowUp", database.ConnectionString),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("PublicUrl", "https://followup.example"),
            ("Email__Provider", "sendgrid"),
            ("Email__From", "sales@followup.example"),
            ("SendGrid__ApiKey", sendGrid.ApiKey),
            ("SendGrid__BaseUrl", sendGrid.Url),
            ("Twilio__AccountSid", twilio.AccountSid),
            ("Twilio__AuthToken", twilio.AuthToken),
            ("Twilio__From", "+15005550006"),
            ("Twilio__BaseUrl", twilio.Url),
            ("Dispatcher__PollInterval", "50ms")
        );
        await program.IsReady();
        var signedIn = await new Client(program.Http, ("X-None", "x")).Post("/dev/token", """{"subject":"alice"}""");
        var alice = new Client(program.Http, ("Authorization", $"Bearer {signedIn.Json["token"]}"));
        var sequence = await alice.Sequence("""{"name":"n","steps":[{"type":"EMAIL"},{"type":"SMS","message":"Hi"},{"type":"EMAIL"}]}""");
        var body = $$$"""{"recipient":{"email":"{{{Person}}}","phone":"{{{Phone}}}"}}""";
        (await alice.Post($"{sequence}/instances", body)).ShouldBe(201);
        await Eventually.Holds(
            () => Task.FromResult(sendGrid.Accepted.Count == 1 && twilio.Requests == 1),
            "the first two steps are tried"
        );
        var token = Regex.Match(sendGrid.Accepted.Single().Header("List-Unsubscribe")!, "/u/([^>]+)").Groups[1].Value;

        await program.Http.GetAsync($"/u/{token}");
        await program.Http.PostAsync($"/u/{token}?x={Uri.EscapeDataString(Person)}", null);
        await program.Http.GetAsync($"/u/{token}/beside/{Uri.EscapeDataString(Person)}");
        await alice.Get($"/api/instances?email={Uri.EscapeDataString(Person)}");
        await alice.Get($"/api/no-such-route/{Uri.EscapeDataString(Person)}");
        await Eventually.Holds(
            () => Task.FromResult(collector.Said("/api/instances") && collector.Said("/u/{token}")),
            "the spans have arrived"
        );
        await program.Signal("TERM");
        await program.Exit();

        token.Length.ShouldBeGreaterThan(20);
        foreach (var secret in new[] { token, Person, Uri.EscapeDataString(Person), Phone, Phone[1..], sendGrid.ApiKey, twilio.AuthToken })
        {
            collector.Said(secret).ShouldBeFalse($"a trace holds {secret}");
            program.Output.ShouldNotContain(secret);
        }

        collector.Said("http.route").ShouldBeTrue();
        collector.Said("url.full").ShouldBeTrue("calls to providers are traced");
    }

    /// <summary>Takes what an exporter sends, as bytes; strings lie in protobuf as they are.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<string> _bodies = new();

        public Collector()
        {
            Url = $"http://127.0.0.1:{ProgramProcess.FreePort()}";
            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _ = Task.Run(Take);
        }

        public string Url { get; }

        public bool Said(string text) => _bodies.Any(body => body.Contains(text, StringComparison.OrdinalIgnoreCase));

        public void Dispose() => ((IDisposable)_listener).Dispose();

        private async Task Take()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    _bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
                    context.Response.Close();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
