using System.Text;
using System.Text.Json.Nodes;
using FollowUp.Application.Delivery;
using FollowUp.Testing.Fakes;
using MimeKit;

namespace FollowUp.IntegrationTests.Delivery;

/// <summary>No name and no subject can inject a header into the bytes of a mail, for each sender.</summary>
public sealed class HeaderInjectionTests
{
    private static readonly string[] Known =
    [
        .. (string[])["From", "To", "Subject", "Date", "Message-Id", "MIME-Version", "Content-Type", MimeHeader],
    ];

    private const string MimeHeader = "X-FollowUp-Attempt";

    public static TheoryData<string> Hostile =>
        [
            "Ben\r\nBcc: eve@evil.example",
            "Ben\nBcc: eve@evil.example",
            "Ben\rBcc: eve@evil.example",
            "Ben\r\n\r\n<script>",
            "Ben\u2028Bcc: eve@evil.example\u2029x",
            "Ben\u0085Bcc: eve@evil.example",
            "Ben\v\fBcc: eve@evil.example\0",
            "Ben\" <eve@evil.example>, \"x",
            "Ben <eve@evil.example>",
            "Ben, eve@evil.example; group: a@b.example;",
            "Ben\\",
            "=?utf-8?Q?Ben=0D=0ABcc:_eve@evil.example?=",
            "=?utf-8?B?QmVuDQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
            "嘊嘍Bcc: eve@evil.example",
            "Ben %0d%0aBcc: eve@evil.example",
            new string('n', 5_000),
            string.Concat(Enumerable.Repeat("ü\r\n ", 400)),
        ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task No_header_can_be_injected_into_SMTP(string text)
    {
        await using var smtp = FakeSmtp.Start();
        await using var host = DeliveryHost.Smtp(smtp.Port, ("Email:FromName", text));

        (await host.Send(DeliveryHost.Mail(name: text, subject: text))).ShouldBeOfType<SendResult.Accepted>();

        var mail = smtp.Accepted.ShouldHaveSingleItem();
        mail.To.ShouldBe(["ben@receiver.example"]);
        smtp.Commands.Count(c => c.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase)).ShouldBe(1);
        CheckBytes(mail.Raw);
        CheckMeaning(mail.Message());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task No_header_can_be_injected_into_a_dropped_file(string text)
    {
        var folder = Directory.CreateTempSubdirectory("followup-drop-").FullName;
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", folder), ("Email:FromName", text));

        (await host.Send(DeliveryHost.Mail(name: text, subject: text))).ShouldBeOfType<SendResult.Accepted>();

        var file = Directory.GetFiles(folder).ShouldHaveSingleItem();
        CheckBytes(await File.ReadAllBytesAsync(file));
        CheckMeaning(await MimeMessage.LoadAsync(file));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task No_header_can_be_injected_into_SendGrid_JSON(string text)
    {
        await using var provider = await FakeSendGrid.Start();
        await using var host = DeliveryHost.SendGrid(provider.Url, provider.ApiKey, ("Email:FromName", text));

        (await host.Send(DeliveryHost.Mail(name: text, subject: text))).ShouldBeOfType<SendResult.Accepted>();

        var json = JsonNode.Parse(provider.Accepted.ShouldHaveSingleItem().Json)!;
        json.AsObject()
            .Select(field => field.Key)
            .ShouldBe(["from", "subject", "personalizations", "content", "custom_args"], ignoreOrder: true);
        var personalization = json["personalizations"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        personalization.Select(field => field.Key).ShouldBe(["to"]);
        personalization["to"]!.AsArray().ShouldHaveSingleItem()!["email"]!.ToString().ShouldBe("ben@receiver.example");
        string[] lines = [personalization["to"]![0]!["name"]!.ToString(), json["subject"]!.ToString(), json["from"]!["name"]!.ToString()];
        lines.ShouldAllBe(line => !line.Any(c => char.IsControl(c) || c == '\u2028' || c == '\u2029'));
    }

    /// <summary>The head has exactly the headers that the program writes, each once, in lines within the limit of servers.</summary>
    private static void CheckBytes(byte[] raw)
    {
        var text = Encoding.Latin1.GetString(raw).ReplaceLineEndings("\n");
        var head = text[..text.IndexOf("\n\n", StringComparison.Ordinal)];
        head.ToCharArray().ShouldAllBe(c => c == '\n' || c == '\t' || (c >= ' ' && c <= '~'));
        var lines = head.Split('\n');
        lines.ShouldAllBe(line => line.Length <= 998);
        lines.Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0]).ShouldBe(Known, ignoreOrder: true);
    }

    /// <summary>A mail parser reads one recipient, and the given text without its line breaks.</summary>
    private static void CheckMeaning(MimeMessage message)
    {
        using (message)
        {
            var mailbox = message.To.ShouldHaveSingleItem().ShouldBeOfType<MailboxAddress>();
            mailbox.Address.ShouldBe("ben@receiver.example");
            (message.Cc.Count + message.Bcc.Count + message.ReplyTo.Count).ShouldBe(0);
            foreach (var shown in (string[])[mailbox.Name!, message.Subject!, message.From.Mailboxes.Single().Name!])
            {
                shown.ToCharArray().ShouldAllBe(c => c != '\n' && c != '\r');
            }

            message.HtmlBody!.TrimEnd().ShouldBe("<p>Hällo Ben</p>");
        }
    }
}
