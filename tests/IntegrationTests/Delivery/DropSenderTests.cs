using System.Runtime.Versioning;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using MimeKit;

namespace FollowUp.IntegrationTests.Delivery;

public sealed class DropSenderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"followup-{Guid.NewGuid():N}", "mail");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task A_dropped_mail_is_a_valid_mail_file()
    {
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", _folder));
        var mail = DeliveryHost.Mail();

        var result = await host.Send(mail);

        var file = Directory.GetFiles(_folder).ShouldHaveSingleItem();
        result.ShouldBe(new SendResult.Accepted(Path.GetFileName(file)));
        using var message = await MimeMessage.LoadAsync(file);
        message.To.ToString().ShouldBe("\"Ben\" <ben@receiver.example>");
        message.From.ToString().ShouldBe("followup@localhost.localdomain");
        message.HtmlBody!.TrimEnd().ShouldBe("<p>Hällo Ben</p>");
        message.Headers["X-FollowUp-Attempt"].ShouldBe(mail.AttemptId.Value.ToString());
    }

    [Fact]
    public async Task Encoded_words_in_headers_have_at_most_75_characters_and_decode_to_the_text()
    {
        const string subject = "Rückfragenübergabeprotokollprüfungsbestätigungsgebührenübersichtserläuterung";
        const string name = "Dr. Maximiliane Großmüller-Übelhör von und zu Östergärten-Lübbecke-Grünwald, geb. Çağlar";
        await using var host = DeliveryHost.InDevelopment(
            ("Email:DropPath", _folder),
            ("Email:FromName", "Vertriebsgesellschaft für Eigentümerübergabeprüfungen")
        );

        await host.Send(DeliveryHost.Mail(name: name, subject: subject));

        var file = Directory.GetFiles(_folder).ShouldHaveSingleItem();
        var words = System.Text.RegularExpressions.Regex.Matches(await File.ReadAllTextAsync(file), @"=\?utf-8\?[bq]\?\S*?\?=");
        words.Count.ShouldBeGreaterThan(5);
        words.ShouldAllBe(word => word.Length <= 75);
        using var message = await MimeMessage.LoadAsync(file);
        message.Subject.ShouldBe(subject);
        (message.To.Mailboxes.Single().Name, message.To.Mailboxes.Single().Address).ShouldBe((name, "ben@receiver.example"));
        message.From.Mailboxes.Single().Name.ShouldBe("Vertriebsgesellschaft für Eigentümerübergabeprüfungen");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_programs_user_may_read_dropped_mails()
    {
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", _folder));

        await host.Send(DeliveryHost.Mail());

        File.GetUnixFileMode(_folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Directory.GetFiles(_folder).Single()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task File_names_sort_by_time_and_end_in_the_attempts_id()
    {
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", _folder));
        var mails = Enumerable.Range(0, 5).Select(_ => DeliveryHost.Mail()).ToList();
        foreach (var mail in mails)
        {
            await host.Send(mail);
            await Task.Delay(1);
        }

        var names = Directory.GetFiles(_folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);

        names.Select(name => name![^36..]).ShouldBe(mails.Select(mail => mail.AttemptId.Value.ToString()));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_retryable()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder)!);
        await File.WriteAllTextAsync(_folder, "not a folder");
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", _folder));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_call_leaves_no_file()
    {
        await using var host = DeliveryHost.InDevelopment(("Email:DropPath", _folder));

        (await host.Send(DeliveryHost.Mail(), new CancellationToken(canceled: true))).ShouldBeOfType<SendResult.Retryable>();
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Mail_is_dropped_below_the_data_path_by_default()
    {
        await using var host = DeliveryHost.InDevelopment(("DataPath", Path.GetDirectoryName(_folder)));

        await host.Send(DeliveryHost.Mail());

        host.Senders.For(Channel.Email)!.Provider.ShouldBe("drop");
        Directory.GetFiles(_folder).ShouldHaveSingleItem();
    }
}
