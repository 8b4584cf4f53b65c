using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using MimeKit;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A whole sequence through each of the other providers.</summary>
public sealed class ProviderTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public async Task Mails_are_sent_by_SMTP()
    {
        await using var smtp = FakeSmtp.Start();
        var node = await Worker(("Email:Provider", "smtp"), ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{smtp.Port}"));

        var instance = await node.Enroll(await node.Sequence(Steps.Email("By {{ sequence.name }}")), "anna@example.com");

        await node.Becomes(instance.Id, "COMPLETED");
        smtp.Accepted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Mails_are_dropped_as_files()
    {
        var folder = Directory.CreateTempSubdirectory("followup-drop-").FullName;
        var node = await Worker(("Email:Provider", "drop"), ("Email:DropPath", folder));

        var instance = await node.Enroll(await node.Sequence(Steps.Email("Dropped"), Steps.Email("Twice")), "anna@example.com");

        await node.Becomes(instance.Id, "COMPLETED");
        var mails = Directory.GetFiles(folder, "*.eml").Order().Select(file => MimeMessage.Load(file)).ToList();
        mails.Select(m => m.Subject).ShouldBe(["Dropped", "Twice"]);
        mails.ShouldAllBe(m => m.To.Mailboxes.Single().Address == "anna@example.com" && m.HtmlBody != null && m.TextBody != null);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Text_messages_are_sent_by_Twilio_if_it_is_configured()
    {
        await using var twilio = await FakeTwilio.Start();
        var node = await Worker(
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+15550100000"),
            ("Twilio:BaseUrl", twilio.Url)
        );
        var sequence = await node.Sequence(Steps.Sms("Hi {{ recipient.firstName }}"));

        var reachable = await node.Enroll(sequence, phone: "+49 151 1234567");
        var unreachable = await node.Enroll(sequence);

        await node.Becomes(reachable.Id, "COMPLETED");
        await node.Becomes(unreachable.Id, "COMPLETED");
        (await Story(node, reachable.Id)).ShouldBe(["enrolled", "SMS sent", "completed"]);
        (await Story(node, unreachable.Id)).ShouldBe(["enrolled", "SMS skipped", "completed"]);
        twilio.Accepted.Count.ShouldBe(1);
        (await Database.Read<long>("SELECT count(*) FROM attempt")).ShouldBe(1);
    }
}
