using System.Text.Json;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Delivery;

public sealed class SendGridSenderTests : IAsyncLifetime
{
    private static readonly string TooMany = FakeSendGrid.Error("too many requests");

    private FakeSendGrid _sendGrid = null!;
    private DeliveryHost _host = null!;

    public async Task InitializeAsync()
    {
        _sendGrid = await FakeSendGrid.Start();
        _host = DeliveryHost.SendGrid(_sendGrid.Url);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _sendGrid.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_arrives_with_both_parts_and_opaque_ids()
    {
        var mail = DeliveryHost.Mail();

        var result = await _host.Send(mail);

        var sent = _sendGrid.Accepted.ShouldHaveSingleItem();
        result.ShouldBeOfType<SendResult.Accepted>().ProviderMessageId.ShouldNotBeNullOrEmpty();
        (sent.To, sent.ToName, sent.From).ShouldBe(("ben@receiver.example", "Ben", "anna@sender.example"));
        (sent.Subject, sent.Html, sent.Text).ShouldBe(("Your offer", "<p>Hällo Ben</p>", "Hällo Ben"));
        (sent.AttemptId, sent.InstanceId).ShouldBe((mail.AttemptId.Value, mail.InstanceId.Value));
        using var json = JsonDocument.Parse(sent.Json);
        json.RootElement.GetProperty("custom_args").EnumerateObject().Select(arg => arg.Name).ShouldBe(["attempt_id", "instance_id"]);
        json.RootElement.TryGetProperty("tracking_settings", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_and_subjects_are_one_line()
    {
        await _host.Send(DeliveryHost.Mail(name: "Ben\r\nBcc: eve@evil.example", subject: "Your\r\nBcc: eve@evil.example\r\n offer"));

        var sent = _sendGrid.Accepted.ShouldHaveSingleItem();
        sent.Subject.ShouldBe("Your Bcc: eve@evil.example offer");
        sent.ToName.ShouldBe("\"Ben Bcc: eve@evil.example\"");
    }

    [Fact]
    public async Task A_slow_response_within_the_timeout_is_accepted()
    {
        _sendGrid.Next(new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(100)));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
    }

    [Fact]
    public async Task The_status_decides_even_if_the_response_body_is_truncated()
    {
        _sendGrid.Next(new HttpAnswer.AcceptThenBreakOffAnswer());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Status_429_and_5xx_are_retryable_and_count_as_provider_failures(int status)
    {
        _sendGrid.Next(new HttpAnswer.Status(status, TooMany));

        var result = (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>();

        result.ProviderWide.ShouldBeTrue();
        result.Error.ShouldBe($"SendGrid answered {status}: too many requests");
        _sendGrid.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData("Berg, Kim", "\"Berg, Kim\"")]
    [InlineData("Miller; Bob", "\"Miller; Bob\"")]
    [InlineData("Ann \"Nan\" O'Neil", "\"Ann \\\"Nan\\\" O'Neil\"")]
    [InlineData("Anna Schmidt", "Anna Schmidt")]
    public async Task A_name_that_would_split_the_header_is_quoted_for_recipient_sender_and_test_mails(string name, string quoted)
    {
        await using var host = DeliveryHost.SendGrid(_sendGrid.Url, more: ("Email:FromName", name));

        await host.Send(DeliveryHost.Mail(name: name));
        await host.Send(DeliveryHost.Mail(name: name) with { IsTest = true });

        foreach (var mail in _sendGrid.Accepted)
        {
            mail.ToName.ShouldBe(quoted);
            using var json = System.Text.Json.JsonDocument.Parse(mail.Json);
            json.RootElement.GetProperty("from").GetProperty("name").GetString().ShouldBe(quoted);
        }

        _sendGrid.Accepted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Status_408_is_retryable_and_is_no_provider_failure()
    {
        _sendGrid.Next(new HttpAnswer.Status(408));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Retryable("SendGrid answered 408 (RequestTimeout).", null, ProviderWide: false) { Code = "sendgrid 408" }
        );
    }

    [Fact]
    public async Task Retry_After_is_passed_on()
    {
        _sendGrid.Next(new HttpAnswer.Status(429, TooMany, ("Retry-After", "17")));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().RetryAfter.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task The_rate_limit_reset_is_interpreted_by_the_providers_clock()
    {
        var theirs = DateTimeOffset.UtcNow.AddDays(-1);
        var reset = (theirs.ToUnixTimeSeconds() + 42).ToString();
        _sendGrid.Next(new HttpAnswer.Status(429, TooMany, ("X-RateLimit-Reset", reset), ("Date", theirs.ToString("r"))));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().RetryAfter.ShouldBe(TimeSpan.FromSeconds(42));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_rejected_credential_is_permanent_and_counts_as_a_provider_failure(int status)
    {
        _sendGrid.Next(new HttpAnswer.Status(status, FakeSendGrid.Error("access forbidden")));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Rejected($"SendGrid answered {status}: access forbidden", null, ProviderWide: true)
            {
                Code = $"sendgrid {status}",
            }
        );
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        await using var host = DeliveryHost.SendGrid(_sendGrid.Url, "SG.wrong");

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>().ProviderWide.ShouldBeTrue();
        _sendGrid.Accepted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_4xx_are_permanent_and_carry_the_providers_message()
    {
        _sendGrid.Next(new HttpAnswer.Status(400, FakeSendGrid.Error("The subject is required.", "subject")));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Rejected("SendGrid answered 400: The subject is required.", null, ProviderWide: false) { Code = "sendgrid 400" }
        );
    }

    [Fact]
    public async Task An_address_that_the_provider_rejects_as_invalid_stops_the_instance()
    {
        _sendGrid.Next(
            new HttpAnswer.Status(400, FakeSendGrid.Error("Does not contain a valid address.", "personalizations.0.to.0.email"))
        );

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>().StopReason.ShouldBe(StopReason.Bounced);
    }

    [Theory]
    [InlineData("<html>oops</html>")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"errors":"none"}""")]
    public async Task An_unreadable_response_body_is_classified_by_its_status(string body)
    {
        _sendGrid.Next(new HttpAnswer.Status(400, body));

        (await _host.Send(DeliveryHost.Mail())).ShouldBe(
            new SendResult.Rejected("SendGrid answered 400 (BadRequest).", null, ProviderWide: false) { Code = "sendgrid 400" }
        );
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _sendGrid.Next(new HttpAnswer.Status(307, "", ("Location", $"{_sendGrid.Url}/v3/mail/send")));

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Rejected>().ProviderWide.ShouldBeTrue();
        _sendGrid.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_timeout_after_the_message_was_sent_is_in_doubt()
    {
        await _host.Send(DeliveryHost.Mail());
        _host.Options.CallTimeout = TimeSpan.FromMilliseconds(400);
        _sendGrid.Next(new HttpAnswer.AcceptThenNeverAnswer());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>().Reason.ShouldContain("it took too long");
        _sendGrid.Accepted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_reset_after_the_request_was_written_is_in_doubt_and_not_repeated()
    {
        _sendGrid.Next(new HttpAnswer.AcceptThenReset());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>();
        _sendGrid.Accepted.ShouldHaveSingleItem();
        _sendGrid.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_reset_before_the_body_was_read_is_in_doubt()
    {
        _sendGrid.Next(new HttpAnswer.CloseBeforeBody());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>();
        _sendGrid.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_response_that_is_not_HTTP_is_in_doubt()
    {
        _sendGrid.Next(new HttpAnswer.Garbage());

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.InDoubt>();
        _sendGrid.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_connection_is_retryable()
    {
        await _sendGrid.Down();

        var result = (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>();

        result.ProviderWide.ShouldBeTrue();
        result.Error.ShouldContain("Connection refused");
    }

    [Fact]
    public async Task A_provider_that_is_back_is_used_again()
    {
        await _host.Send(DeliveryHost.Mail());
        await _sendGrid.Down();
        await _host.Send(DeliveryHost.Mail());
        await _sendGrid.Up();

        (await _host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
        _sendGrid.Accepted.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_connect_timeout_is_retryable()
    {
        using var full = new FullPort();
        await using var host = DeliveryHost.SendGrid(
            $"http://127.0.0.1:{full.Port}",
            more: [("Delivery:ConnectTimeout", "00:00:00.200"), ("Delivery:CallTimeout", "00:00:05")]
        );

        var result = (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>();

        result.ProviderWide.ShouldBeTrue();
        result.Error.ShouldContain("ConnectTimeout");
    }

    [Fact]
    public async Task A_call_that_times_out_while_it_connects_is_retryable()
    {
        using var full = new FullPort();
        await using var host = DeliveryHost.SendGrid($"http://127.0.0.1:{full.Port}", more: ("Delivery:CallTimeout", "00:00:00.200"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_retryable()
    {
        await using var host = DeliveryHost.SendGrid("https://nowhere.invalid", more: ("Delivery:ConnectTimeout", "00:00:00.400"));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failed_TLS_handshake_is_retryable()
    {
        await using var host = DeliveryHost.SendGrid(_sendGrid.Url.Replace("http:", "https:", StringComparison.Ordinal));

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
        _sendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_cancelled_before_its_start_is_no_provider_failure()
    {
        (await _host.Send(DeliveryHost.Mail(), new CancellationToken(canceled: true)))
            .ShouldBeOfType<SendResult.Retryable>()
            .ProviderWide.ShouldBeFalse();
        _sendGrid.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_call_cancelled_after_the_request_was_written_is_in_doubt()
    {
        _sendGrid.Next(new HttpAnswer.AcceptThenNeverAnswer());
        using var end = new CancellationTokenSource();

        var sending = _host.Send(DeliveryHost.Mail(), end.Token);
        while (_sendGrid.Accepted.Count == 0)
        {
            await Task.Delay(10);
        }

        await end.CancelAsync();

        (await sending).ShouldBeOfType<SendResult.InDoubt>().Reason.ShouldContain("the call was ended");
    }

    [Fact]
    public async Task A_stale_pooled_connection_never_sends_twice()
    {
        await using var server = new StaleServer(readSecond: true);
        await using var host = DeliveryHost.SendGrid(server.Url);
        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();

        var second = await host.Send(DeliveryHost.Mail());

        second.ShouldBeOfType<SendResult.InDoubt>();
        server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_closed_pooled_connection_loses_no_mail()
    {
        await using var server = new StaleServer(readSecond: false);
        await using var host = DeliveryHost.SendGrid(server.Url);
        await host.Send(DeliveryHost.Mail());
        await server.FirstEnded;
        await Task.Delay(50);

        (await host.Send(DeliveryHost.Mail())).ShouldBeOfType<SendResult.Accepted>();
        server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Mails_share_connections_but_do_not_wait_for_each_other()
    {
        _sendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(100));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _host.Send(DeliveryHost.Mail())));
        var opened = _sendGrid.Connections;

        await _host.Send(DeliveryHost.Mail());

        _sendGrid.Accepted.Count.ShouldBe(21);
        opened.ShouldBeInRange(2, 20);
        _sendGrid.Connections.ShouldBe(opened);
    }
}
