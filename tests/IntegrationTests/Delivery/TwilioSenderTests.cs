using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Delivery;

public sealed class TwilioSenderTests : IAsyncLifetime
{
    private FakeTwilio _twilio = null!;
    private DeliveryHost _host = null!;

    public async Task InitializeAsync()
    {
        _twilio = await FakeTwilio.Start();
        _host = DeliveryHost.Twilio(_twilio.Url);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _twilio.DisposeAsync();
    }

    [Fact]
    public async Task A_message_arrives_and_its_sid_is_kept()
    {
        var result = await _host.Send(DeliveryHost.Sms("Grüße & 50 % off + more?"));

        var sent = _twilio.Accepted.ShouldHaveSingleItem();
        (sent.To, sent.From, sent.Body).ShouldBe(("+4915112345678", "+15005550006", "Grüße & 50 % off + more?"));
        result.ShouldBe(new SendResult.Accepted(sent.Sid));
    }

    [Fact]
    public async Task A_messaging_service_can_be_the_sender()
    {
        await using var host = DeliveryHost.Twilio(_twilio.Url, from: "MG00000000000000000000000000000001");

        await host.Send(DeliveryHost.Sms());

        var sent = _twilio.Accepted.ShouldHaveSingleItem();
        (sent.From, sent.MessagingServiceSid).ShouldBe((null, "MG00000000000000000000000000000001"));
    }

    [Fact]
    public async Task A_2xx_whose_body_is_cut_off_is_accepted_without_a_sid()
    {
        _twilio.Next(new HttpAnswer.AcceptThenBreakOffAnswer());

        (await _host.Send(DeliveryHost.Sms())).ShouldBe(new SendResult.Accepted(null));
    }

    [Fact]
    public async Task A_recipient_who_replied_STOP_is_unsubscribed()
    {
        _twilio.Next(FakeTwilio.Refuses(400, 21610, "Attempt to send to unsubscribed recipient"));

        (await _host.Send(DeliveryHost.Sms())).ShouldBe(
            new SendResult.Rejected(
                "Twilio answered 400: Attempt to send to unsubscribed recipient (code 21610)",
                StopReason.Unsubscribed,
                ProviderWide: false
            )
            {
                Code = "twilio 400 21610",
            }
        );
    }

    [Theory]
    [InlineData(21211)]
    [InlineData(21614)]
    public async Task A_number_that_cannot_receive_messages_stops_the_instance(int code)
    {
        _twilio.Next(FakeTwilio.Refuses(400, code, "The 'To' number is not a valid mobile number"));

        var result = (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Rejected>();

        (result.StopReason, result.ProviderWide).ShouldBe((StopReason.Bounced, false));
    }

    [Theory]
    [InlineData(401, 20003)]
    [InlineData(400, 21606)]
    [InlineData(400, 21703)]
    public async Task A_configuration_error_does_not_stop_the_instance(int status, int code)
    {
        _twilio.Next(FakeTwilio.Refuses(status, code, "no"));

        var result = (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Rejected>();

        (result.StopReason, result.ProviderWide).ShouldBe((null, true));
    }

    [Theory]
    [InlineData(21408)]
    [InlineData(21608)]
    [InlineData(21612)]
    [InlineData(30007)]
    [InlineData(30034)]
    public async Task A_forbidden_destination_is_no_provider_failure(int code)
    {
        _twilio.Next(FakeTwilio.Refuses(400, code, "no"));

        var result = (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Rejected>();

        (result.StopReason, result.ProviderWide).ShouldBe((null, false));
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        await using var host = DeliveryHost.Twilio(_twilio.Url, token: "wrong");

        (await host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Rejected>().ProviderWide.ShouldBeTrue();
    }

    [Theory]
    [InlineData(429, 20429)]
    [InlineData(400, 20429)]
    [InlineData(500, 0)]
    [InlineData(503, 20503)]
    public async Task Too_many_requests_and_5xx_are_retryable(int status, int code)
    {
        _twilio.Next(FakeTwilio.Refuses(status, code, "later"));

        (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }

    [Fact]
    public async Task Any_other_rejection_is_permanent_with_the_providers_message()
    {
        _twilio.Next(FakeTwilio.Refuses(400, 21617, "The concatenated message body exceeds the 1600 character limit"));

        (await _host.Send(DeliveryHost.Sms())).ShouldBe(
            new SendResult.Rejected(
                "Twilio answered 400: The concatenated message body exceeds the 1600 character limit (code 21617)",
                null,
                ProviderWide: false
            )
            {
                Code = "twilio 400 21617",
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Bad request</html>")]
    [InlineData("[21610]")]
    [InlineData("\"21610\"")]
    [InlineData("null")]
    [InlineData("""{"code":"21610","message":"no"}""")]
    [InlineData("""{"code":null,"message":null}""")]
    [InlineData("""{"code":21610.5}""")]
    [InlineData("""{"code":99999999999,"message":{"text":"no"}}""")]
    [InlineData("""{"code":{"number":21610}}""")]
    [InlineData("""{"error":"Attempt to send to unsubscribed recipient (code 21610)"}""")]
    public async Task A_rejection_that_is_not_in_Twilios_format_has_no_error_code(string body)
    {
        _twilio.Next(new HttpAnswer.Status(400, body));

        var result = (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Rejected>();

        (result.StopReason, result.ProviderWide, result.Code).ShouldBe((null, false, "twilio 400"));
    }

    [Fact]
    public async Task A_reset_after_the_request_was_written_is_in_doubt()
    {
        _twilio.Next(new HttpAnswer.AcceptThenReset());

        (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.InDoubt>();
        _twilio.Accepted.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_timeout_after_the_message_was_sent_is_in_doubt()
    {
        await _host.Send(DeliveryHost.Sms());
        _host.Options.CallTimeout = TimeSpan.FromMilliseconds(400);
        _twilio.Next(new HttpAnswer.AcceptThenNeverAnswer());

        (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.InDoubt>();
    }

    [Fact]
    public async Task A_refused_connection_is_retryable()
    {
        await _twilio.Down();

        (await _host.Send(DeliveryHost.Sms())).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBeTrue();
    }
}
