using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Delivery;

public sealed class SmtpSenderTests : IAsyncLifetime
{
    private readonly FakeSmtp _smtp = FakeSmtp.Start();
    private readonly DeliveryHost _host;

    public SmtpSenderTests() => _host = DeliveryHost.Smtp(_smtp.Port);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_arrives_with_both_parts_and_the_attempts_id()
    {
        var mail = DeliveryHost.Mail();

        var result = await _host.Send(mail);

        var sent = _smtp.Accepted.ShouldHaveSingleItem();
        (sent.From, sent.To.ShouldHaveSingleItem()).ShouldBe(("anna@sender.example", "ben@receiver.example"));
        using var message = sent.Message();
        message.From.ToString().ShouldBe("\"Anna\" <anna@sender.example>");
        message.To.ToString().ShouldBe("\"Ben\" <ben@receiver.example>");
        message.Subject.ShouldBe("Your offer");
        message.HtmlBody!.TrimEnd().ShouldBe("<p>Hällo Ben</p>");
        message.TextBody!.TrimEnd().ShouldBe("Hällo Ben");
        message.Headers["X-FollowUp-Attempt"].ShouldBe(mail.AttemptId.Value.ToString());
        message.MessageId.ShouldBe($"{mail.AttemptId.Value}@sender.example");
        result.ShouldBe(new SendResult.Accepted(message.MessageId));
    }

    [Fact]
    public async Task A_mail_has_reply_and_unsubscribe_headers()
    {
        var url = $"https://mail.example.com/u/{new string('x', 200)}";

        await _host.Send(
            DeliveryHost.Mail() with
            {
                MessageId = "job@sender.example",
                InReplyTo = "first@sender.example",
                UnsubscribeUrl = url,
                IsTest = true,
            }
        );

        var sent = _smtp.Accepted.ShouldHaveSingleItem();
        using var message = sent.Message();
        (message.MessageId, message.InReplyTo, message.References.ShouldHaveSingleItem()).ShouldBe(
            ("job@sender.example", "first@sender.example", "first@sender.example")
        );
        // On one line each (RFC 8058).
        var lines = System.Text.Encoding.ASCII.GetString(sent.Raw).Split("\r\n");
        lines.ShouldContain($"List-Unsubscribe: <{url}>");
        lines.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
        lines.ShouldContain("X-FollowUp-Test: true");
        message.Headers["X-FollowUp-Attempt"].ShouldBeNull();
    }

    [Fact]
    public async Task Names_and_subjects_cannot_add_headers()
    {
        await _host.Send(
            DeliveryHost.Mail(name: "Ben\r\nBcc: eve@evil.example", subject: "Your offer\r\nBcc: eve@evil.example\u2028\n\nbody")
        );

        using var message = _smtp.Accepted.ShouldHaveSingleItem().Message();
        message.Bcc.ShouldBeEmpty();
        message.Subject.ShouldBe("Your offer Bcc: eve@evil.example body");
        message.HtmlBody!.TrimEnd().ShouldBe("<p>Hällo Ben</p>");
    }

    [Fact]
    public async Task An_address_with_a_line_break_reaches_no_server()
    {
        var result = await _host.Send(DeliveryHost.Mail(to: "ben@receiver.example>\r\nRCPT TO:<eve@evil.example"));

        result.ShouldBeOfType<SendResult.Rejected>().StopReason.ShouldBe(StopReason.Bounced);
        _smtp.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("550 5.1.1 <ben@receiver.example> no such user", StopReason.Bounced, "smtp 550 5.1.1")]
    [InlineData("553 5.1.3 bad address syntax", StopReason.Bounced, "smtp 553 5.1.3")]
    [InlineData("550 5.7.1 relaying denied", null, "smtp 550 5.7.1")]
    [InlineData("550 we do not like you", null, "smtp 550")]
    public async Task A_5xx_for_the_recipient_is_permanent(string reply, StopReason? stop, string code)
    {
        _smtp.Next(new SmtpAnswer.Reply(SmtpStage.RcptTo, reply));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Rejected($"The SMTP server answered {reply[..3]}: {reply[4..]}", stop, ProviderWide: false) { Code = code }
        );
    }

    [Fact]
    public async Task The_connection_is_reusable_after_a_rejected_recipient()
    {
        _smtp.Next(new SmtpAnswer.Reply(SmtpStage.RcptTo, "550 5.1.1 no such user"));
        await _host.Send(DeliveryHost.Mail());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
        _smtp.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(SmtpStage.RcptTo, "450 4.2.1 try later")]
    [InlineData(SmtpStage.Data, "451 4.3.0 try later")]
    [InlineData(SmtpStage.EndOfData, "452 4.2.2 mailbox full")]
    public async Task A_4xx_is_deferred(SmtpStage stage, string reply)
    {
        _smtp.Next(new SmtpAnswer.Reply(stage, reply));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Retryable($"The SMTP server answered {reply[..3]}: {reply[4..]}", null, ProviderWide: false)
            {
                Deferred = true,
                Code = $"smtp {reply[..9]}",
            }
        );
        _smtp.Accepted.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SmtpStage.Connected)]
    [InlineData(SmtpStage.MailFrom)]
    [InlineData(SmtpStage.RcptTo)]
    [InlineData(SmtpStage.EndOfData)]
    public async Task Reply_421_is_retryable_and_counts_as_a_provider_failure(SmtpStage stage)
    {
        _smtp.Next(new SmtpAnswer.Reply(stage, "421 4.3.2 shutting down"));

        var result = (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>();

        (result.ProviderWide, result.Deferred).ShouldBe((true, false));
    }

    [Fact]
    public async Task A_5xx_after_the_mail_is_permanent()
    {
        _smtp.Next(new SmtpAnswer.Reply(SmtpStage.EndOfData, "554 5.7.1 looks like spam"));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Rejected("The SMTP server answered 554: 5.7.1 looks like spam", null, ProviderWide: false)
            {
                Code = "smtp 554 5.7.1",
            }
        );
    }

    [Fact]
    public async Task A_rejected_sender_is_a_configuration_error()
    {
        _smtp.Next(new SmtpAnswer.Reply(SmtpStage.MailFrom, "550 5.1.1 unknown sender"));

        var result = (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>();

        (result.StopReason, result.ProviderWide).ShouldBe((null, true));
    }

    [Theory]
    [InlineData(SmtpStage.Connected)]
    [InlineData(SmtpStage.Ehlo)]
    [InlineData(SmtpStage.MailFrom)]
    [InlineData(SmtpStage.RcptTo)]
    [InlineData(SmtpStage.Data)]
    public async Task A_connection_lost_before_the_mail_data_is_retryable(SmtpStage stage)
    {
        _smtp.Next(new SmtpAnswer.Drop(stage));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
        _smtp.Accepted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_lost_during_the_mail_data_is_in_doubt()
    {
        _smtp.Next(new SmtpAnswer.Drop(SmtpStage.Body));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>();
    }

    [Fact]
    public async Task A_connection_lost_after_the_mail_is_in_doubt()
    {
        _smtp.Next(new SmtpAnswer.AcceptThenDrop());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>();
        _smtp.Accepted.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_timeout_after_the_mail_data_is_in_doubt()
    {
        await _host.Send(DeliveryHost.Mail());
        _host.Options.CallTimeout = TimeSpan.FromMilliseconds(400);
        _smtp.Next(new SmtpAnswer.AcceptThenFallSilent());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>().Reason.ShouldContain("it took too long");
    }

    [Theory]
    [InlineData(SmtpStage.Connected)]
    [InlineData(SmtpStage.RcptTo)]
    public async Task A_timeout_before_the_mail_data_is_retryable(SmtpStage stage)
    {
        _host.Options.CallTimeout = TimeSpan.FromMilliseconds(400);
        _smtp.Next(new SmtpAnswer.FallSilent(stage));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_connection_is_retryable()
    {
        await _smtp.Down();

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_connect_timeout_is_retryable()
    {
        using var full = new FullPort();
        await using var host = DeliveryHost.Smtp(full.Port, ("Delivery:ConnectTimeout", "00:00:00.200"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_meanwhile_is_replaced()
    {
        await _host.Send(DeliveryHost.Mail());
        await _smtp.Down();
        await _smtp.Up();

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
        _smtp.Accepted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Connections_are_reused()
    {
        for (var i = 0; i < 5; i++)
        {
            await _host.Send(DeliveryHost.Mail());
        }

        _smtp.Accepted.Count.ShouldBe(5);
        _smtp.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task The_configured_login_is_used()
    {
        await using var smtp = FakeSmtp.Start(login: ("anna", "secret"));
        await using var host = DeliveryHost.Smtp(smtp.Port, ("Smtp:User", "anna"), ("Smtp:Password", "secret"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
        smtp.Accepted.ShouldHaveSingleItem().User.ShouldBe("anna");
    }

    [Fact]
    public async Task A_wrong_password_is_permanent_and_counts_as_a_provider_failure()
    {
        await using var smtp = FakeSmtp.Start(login: ("anna", "secret"));
        await using var host = DeliveryHost.Smtp(smtp.Port, ("Smtp:User", "anna"), ("Smtp:Password", "wrong"));

        var result = (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>();

        result.ProviderWide.ShouldBeTrue();
        result.Error.ShouldNotContain("wrong\"");
        smtp.Accepted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_temporary_login_failure_is_retryable()
    {
        await using var smtp = FakeSmtp.Start(login: ("anna", "secret"));
        smtp.Next(new SmtpAnswer.Reply(SmtpStage.Auth, "454 4.7.0 temporary authentication failure"));
        await using var host = DeliveryHost.Smtp(smtp.Port, ("Smtp:User", "anna"), ("Smtp:Password", "secret"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task TLS_is_used_if_offered_and_an_untrusted_certificate_gets_no_mail()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=127.0.0.1",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var smtp = FakeSmtp.Start(login: ("anna", "secret"), certificate: certificate);
        await using var host = DeliveryHost.Smtp(smtp.Port, ("Smtp:User", "anna"), ("Smtp:Password", "secret"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
        smtp.Commands.ShouldContain("STARTTLS");
        smtp.Commands.ShouldNotContain(command => command.StartsWith("AUTH") || command.StartsWith("MAIL"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task If_TLS_is_required_a_server_without_it_gets_no_credentials_and_no_mail(bool logsIn)
    {
        await using var smtp = FakeSmtp.Start(login: logsIn ? ("anna", "secret") : null);
        (string, string?)[] login = logsIn ? [("Smtp:User", "anna"), ("Smtp:Password", "secret")] : [];
        await using var host = DeliveryHost.Smtp(smtp.Port, [("Smtp:Security", "required"), .. login]);

        var result = (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>();

        (result.Error, result.ProviderWide).ShouldBe(
            ("The SMTP server was not reached: it does not offer STARTTLS, and Smtp:Security is required", true)
        );
        smtp.Commands.ShouldNotContain(command => command.StartsWith("AUTH") || command.StartsWith("MAIL"));
    }
}
