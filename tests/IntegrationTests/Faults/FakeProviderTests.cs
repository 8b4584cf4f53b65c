using System.Net;
using System.Net.Http.Json;
using FollowUp.Testing.Fakes;
using MailKit.Net.Smtp;
using MimeKit;

namespace FollowUp.IntegrationTests.Faults;

/// <summary>The fake providers count accepted messages, and can be taken down and up. The checks of the fault runs rely on both.</summary>
public sealed class FakeProviderTests
{
    [Fact]
    public async Task Messages_are_counted_by_attempt_and_step_regardless_of_the_answer()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var smtp = FakeSmtp.Start();
        var (first, second, third) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        sendGrid.Next(new HttpAnswer.Accept(), new HttpAnswer.AcceptThenReset(), new HttpAnswer.Status(500));

        await Post(sendGrid, first, "Offer [k1/0]");
        await Should.ThrowAsync<HttpRequestException>(() => Post(sendGrid, first, "Offer [k1/0]"));
        await Post(sendGrid, second, "Refused [k1/1]");
        await Mail(smtp, third, "Offer [k1/2]");

        var ledger = Ledger.Of(sendGrid, smtp);
        ledger.ByAttempt.ShouldBe(new Dictionary<Guid, int> { [first] = 2, [third] = 1 }, ignoreOrder: true);
        ledger.ByStep.ShouldBe(new Dictionary<(string, int), int> { [("k1", 0)] = 2, [("k1", 2)] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_provider_that_was_down_comes_back_on_the_same_port()
    {
        await using var sendGrid = await FakeSendGrid.Start();
        await using var smtp = FakeSmtp.Start();
        foreach (var provider in (IFakeProvider[])[sendGrid, smtp])
        {
            await provider.Down();
        }

        await Should.ThrowAsync<HttpRequestException>(() => Post(sendGrid, Guid.NewGuid(), "While down [k1/0]"));
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(() => Mail(smtp, Guid.NewGuid(), "While down [k1/0]"));
        foreach (var provider in (IFakeProvider[])[sendGrid, smtp])
        {
            await provider.Up();
        }

        (await Post(sendGrid, Guid.NewGuid(), "Back [k1/0]")).ShouldBe(HttpStatusCode.Accepted);
        await Mail(smtp, Guid.NewGuid(), "Back [k1/1]");
        Ledger.Of(sendGrid, smtp).All.Select(taken => taken.Text).ShouldBe(["Back [k1/0]", "Back [k1/1]"]);
    }

    private static async Task<HttpStatusCode> Post(FakeSendGrid sendGrid, Guid attempt, string subject)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {sendGrid.ApiKey}");
        using var answer = await http.PostAsJsonAsync(
            $"{sendGrid.Url}/v3/mail/send",
            new
            {
                from = new { email = "sales@followup.example" },
                personalizations = new[] { new { to = new[] { new { email = "anna@example.com" } } } },
                subject,
                content = new[] { new { type = "text/plain", value = "Hi" } },
                custom_args = new { attempt_id = attempt, instance_id = Guid.NewGuid() },
            }
        );
        return answer.StatusCode;
    }

    private static async Task Mail(FakeSmtp smtp, Guid attempt, string subject)
    {
        using var mail = new MimeMessage
        {
            From = { MailboxAddress.Parse("sales@followup.example") },
            To = { MailboxAddress.Parse("anna@example.com") },
            Subject = subject,
            Headers = { { "X-FollowUp-Attempt", attempt.ToString() } },
            Body = new TextPart("plain") { Text = "Hi" },
        };
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", smtp.Port, MailKit.Security.SecureSocketOptions.None);
        await client.SendAsync(mail);
        await client.DisconnectAsync(quit: true);
    }
}
