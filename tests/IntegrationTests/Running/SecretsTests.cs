using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.IntegrationTests.Running;

/// <summary>Every call fails and everything is logged at the lowest level; no output of the program contains a secret.</summary>
public sealed class SecretsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Person = "hidden.person@receiver.example";
    private const string Phone = "+4915199988877";
    private const string Words = "very-private-words";

    [Fact]
    public async Task No_output_contains_secrets_or_personal_data()
    {
        await using var issuer = await FakeIssuer.Start();
        await using var sendGrid = await FakeSendGrid.Start("SG.the-right-key");
        await using var twilio = await FakeTwilio.Start(authToken: "the-right-token");
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var proxy = new PostgresProxy(connection.Port);
        (connection.Port, connection.Host, connection.Timeout) = (proxy.Port, "127.0.0.1", 3);
        connection.Password ??= "secret-of-the-database";
        List<string> secrets =
        [
            connection.Password!,
            "SG.secret-of-sendgrid",
            "secret-of-twilio",
            "secret-idempotency-key",
            "fu_secret-unknown-key",
        ];
        var told = new StringBuilder();
        using var program = ProgramProcess.Start([
            .. Trace(),
            ("ConnectionStrings__FollowUp", connection.ConnectionString),
            ("Authentication__Authority", issuer.Url),
            ("Authentication__Audience", FakeIssuer.Audience),
            ("Email__Provider", "sendgrid"),
            ("Email__From", "sales@followup.example"),
            ("SendGrid__ApiKey", "SG.secret-of-sendgrid"),
            ("SendGrid__BaseUrl", sendGrid.Url),
            ("Twilio__AccountSid", twilio.AccountSid),
            ("Twilio__AuthToken", "secret-of-twilio"),
            ("Twilio__From", "+15005550006"),
            ("Twilio__BaseUrl", twilio.Url),
            ("Retry__BaseDelay", "10ms"),
            ("Dispatcher__PollInterval", "50ms"),
        ]);
        await program.IsReady();
        var good = issuer.Token("person-1");
        string[] bad =
        [
            issuer.Token("person-1", expiresIn: -300),
            issuer.Token("person-1", issuer: "https://evil.example"),
            issuer.Token("person-1", signing: issuer.PublicKeyAsSecret()),
        ];
        secrets.AddRange([.. bad, good, good.Split('.')[2], bad[0].Split('.')[2]]);
        secrets.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{twilio.AccountSid}:secret-of-twilio")));
        Client As(string header, string value) => new(program.Http, (header, value));
        var alice = As("Authorization", $"Bearer {good}");

        var key = (await alice.Post("/api/keys", """{"name":"k"}""", ("Idempotency-Key", "secret-idempotency-key"))).ShouldBe(201).Json[
            "key"
        ]!.ToString();
        secrets.Add(key);
        foreach (var token in bad)
        {
            told.Append((await As("Authorization", $"Bearer {token}").Get("/api/me")).ShouldBe(401).Text);
        }

        told.Append((await As("X-Api-Key", "fu_secret-unknown-key").Get("/api/me")).ShouldBe(401).Text);
        await Fail(As("X-Api-Key", key), sendGrid, twilio, told);
        var metrics = await program.Http.GetStringAsync("/metrics");
        metrics.ShouldContain("db_client");
        ShouldHide(metrics, [.. secrets, Person, "Username="]);
        await proxy.DisposeAsync();
        await Eventually.Holds(async () => (int)(await alice.Get("/api/me")).Status >= 500, "the database is gone");
        told.Append((await alice.Get("/api/sequences")).Text)
            .Append(await (await program.Http.GetAsync("/health/ready")).Content.ReadAsStringAsync());
        await program.Signal("TERM");
        await program.Exit();

        program.Output.ShouldContain("\"LogLevel\":\"Trace\"");
        ShouldHide(program.Output, secrets);
        ShouldHide(told.ToString(), secrets);
        foreach (var line in program.Output.Split('\n').Where(line => line.Contains("\"LogLevel\":\"", StringComparison.Ordinal)))
        {
            // An operator who enables request logging gets the query strings.
            if (
                !line.Contains("\"LogLevel\":\"Trace\"")
                && !line.Contains("\"LogLevel\":\"Debug\"")
                && !line.Contains("Microsoft.AspNetCore.Hosting.Diagnostics")
            )
            {
                ShouldHide(line, [Person, Phone, Words]);
            }
        }
    }

    [Fact]
    public async Task No_output_contains_secrets_of_SMTP_or_Development()
    {
        await using var smtp = FakeSmtp.Start(("user", "the-right-password"));
        var signing = Convert.ToBase64String("a-secret-signing-key-of-32-bytes"u8);
        using var program = ProgramProcess.Start([
            .. Trace(),
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("Authentication__DevSigningKey", signing),
            ("ConnectionStrings__FollowUp", database.ConnectionString),
            ("Email__Provider", "smtp"),
            ("Email__From", "sales@followup.example"),
            ("Smtp__Host", "127.0.0.1"),
            ("Smtp__Port", $"{smtp.Port}"),
            ("Smtp__User", "user"),
            ("Smtp__Password", "secret-of-smtp"),
            ("Dispatcher__PollInterval", "50ms"),
        ]);
        await program.IsReady();
        var answer = await program.Http.PostAsJsonAsync("/dev/token", new { subject = "person-2" });
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["token"]!.ToString();
        var client = new Client(program.Http, ("Authorization", $"Bearer {token}"));
        await client.Enroll(await client.Sequence("""{"name":"n","steps":[{"type":"EMAIL"}]}"""), Person);
        await Eventually.Holds(
            () => Task.FromResult(smtp.Commands.Any(c => c.StartsWith("AUTH", StringComparison.Ordinal))),
            "it tried to log in"
        );
        await program.Signal("TERM");
        await program.Exit();

        ShouldHide(
            program.Output,
            [
                token,
                token.Split('.')[2],
                signing,
                "secret-of-smtp",
                Convert.ToBase64String("secret-of-smtp"u8),
                Convert.ToBase64String("\0user\0secret-of-smtp"u8),
            ]
        );
    }

    [Theory]
    [InlineData("Host=db;Password=se;cret=part;Database=x")]
    [InlineData("Host=db;Pasword=secret-part;Database=x")]
    [InlineData("Host=db;Port=secret-part;Password=secret-part")]
    [InlineData("postgres://user:secret-part@db/x")]
    public async Task An_invalid_connection_string_is_not_printed(string wrong)
    {
        using var program = ProgramProcess.Start(("ConnectionStrings__FollowUp", wrong), ("ASPNETCORE_ENVIRONMENT", "Development"));

        (await program.Exit()).ShouldBe(1, program.Output);
        program.Output.ShouldContain("ConnectionStrings:FollowUp");
        ShouldHide(program.Output, ["cret", "part"]);
    }

    /// <summary>Mail and text message are refused for the wrong credentials.</summary>
    private static async Task Fail(Client client, FakeSendGrid sendGrid, FakeTwilio twilio, StringBuilder told)
    {
        var mail = await client.Sequence($$"""{"name":"n","steps":[{"type":"EMAIL","subject":"{{Words}}","body":"<p>{{Words}}</p>"}]}""");
        var text = await client.Sequence($$"""{"name":"n","steps":[{"type":"SMS","message":"{{Words}}"}]}""");
        var recipient = $$"""{"recipient":{"email":"{{Person}}","phone":"{{Phone}}"} }""";
        var ids = new[]
        {
            (await client.Post($"{mail}/instances", recipient)).ShouldBe(201).Id,
            (await client.Post($"{text}/instances", recipient)).ShouldBe(201).Id,
        };
        (await client.Get($"/api/instances?email={Person}")).ShouldBe(200);
        // In a sequence that waits: one whose mail has failed already takes the recipient again.
        var waiting = await client.Sequence("""{"name":"n","steps":[{"type":"WAIT","delayDays":3}]}""");
        (await client.Post($"{waiting}/instances", recipient)).ShouldBe(201);
        told.Append((await client.Post($"{waiting}/instances", recipient)).ShouldBe(409).Text);
        await Eventually.Holds(() => Task.FromResult(sendGrid.Requests > 0 && twilio.Requests > 0), "both providers refused");
        foreach (var id in ids)
        {
            await Eventually.Holds(
                async () => (await client.Get($"/api/instances/{id}")).Json["lastError"] is not null,
                "the refusal is written down"
            );
            told.Append((await client.Get($"/api/instances/{id}")).Text).Append((await client.Get($"/api/instances/{id}/events")).Text);
        }
    }

    /// <summary>Every category of appsettings.json, and all others.</summary>
    private static IEnumerable<(string, string)> Trace() =>
        (
            (string[])
                [
                    "Default",
                    "Microsoft.AspNetCore",
                    "Microsoft.AspNetCore.DataProtection",
                    "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware",
                    "Microsoft.EntityFrameworkCore",
                    "Microsoft.EntityFrameworkCore.Database.Command",
                    "Microsoft.Extensions.Diagnostics.HealthChecks",
                    "Microsoft.Hosting.Lifetime",
                    "Quartz",
                    "System.Net.Http",
                ]
        ).Select(category => ($"Logging__LogLevel__{category}", "Trace"));

    private static void ShouldHide(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            at.ShouldBe(-1, at < 0 ? "" : text[Math.Max(0, at - 600)..Math.Min(text.Length, at + 200)]);
        }
    }
}
