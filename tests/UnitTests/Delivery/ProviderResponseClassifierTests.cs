using System.Net;
using System.Net.Sockets;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Delivery;

namespace FollowUp.UnitTests.Delivery;

public sealed class ProviderResponseClassifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 27, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(408, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(599, true)]
    public void These_statuses_are_retryable(int status, bool providerWide) =>
        Refusal(status).ShouldBeOfType<SendResult.Retryable>().ProviderWide.ShouldBe(providerWide);

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(402, false)]
    [InlineData(403, true)]
    [InlineData(404, false)]
    [InlineData(413, false)]
    [InlineData(422, false)]
    [InlineData(301, true)]
    [InlineData(307, true)]
    public void These_statuses_are_permanent(int status, bool providerWide)
    {
        var rejected = Refusal(status).ShouldBeOfType<SendResult.Rejected>();

        (rejected.ProviderWide, rejected.StopReason).ShouldBe((providerWide, null));
    }

    [Fact]
    public void The_providers_error_code_classifies_a_4xx()
    {
        Refusal(400, new("gone", StopReason: StopReason.Bounced))
            .ShouldBe(new SendResult.Rejected("P answered 400: gone", StopReason.Bounced, ProviderWide: false) { Code = "p 400" });
        Refusal(400, new("no credit", Fault.Account) { Code = 7 })
            .ShouldBe(new SendResult.Rejected("P answered 400: no credit", null, ProviderWide: true) { Code = "p 400 7" });
        Refusal(400, new("busy", Fault.Passing))
            .ShouldBe(new SendResult.Retryable("P answered 400: busy", null, ProviderWide: false) { Code = "p 400" });
        Refusal(400, new("slow down", Fault.Rate))
            .ShouldBe(new SendResult.Retryable("P answered 400: slow down", null, ProviderWide: true) { Code = "p 400" });
    }

    [Fact]
    public void A_403_about_the_address_is_no_provider_failure() =>
        Refusal(403, new("unsubscribed", StopReason: StopReason.Unsubscribed))
            .ShouldBe(
                new SendResult.Rejected("P answered 403: unsubscribed", StopReason.Unsubscribed, ProviderWide: false) { Code = "p 403" }
            );

    [Fact]
    public void An_error_is_one_line_of_at_most_500_characters()
    {
        var error = Refusal(400, new($"a\r\nb {new string('x', 1_000)}")).ShouldBeOfType<SendResult.Rejected>().Error;

        error.Length.ShouldBe(500);
        error.ShouldStartWith("P answered 400: a b x");
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("-3", null)]
    [InlineData("7", 7)]
    [InlineData("3599", 3599)]
    [InlineData("86400", 3600)]
    [InlineData("99999999999999999999", 3600)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData("Mon, 27 Jul 2026 10:00:30 GMT", 30)]
    [InlineData("Mon, 27 Jul 2026 09:00:00 GMT", null)]
    [InlineData("Tue, 28 Jul 2026 10:00:00 GMT", 3600)]
    public void Retry_After_is_seconds_or_a_date_and_at_most_an_hour(string value, int? seconds) =>
        RetryAfter(("Retry-After", value)).ShouldBe(Seconds(seconds));

    [Theory]
    [InlineData(30, 30)]
    [InlineData(-30, null)]
    [InlineData(0, null)]
    [InlineData(86_400, 3600)]
    public void The_reset_of_the_rate_limit_is_an_instant(int fromNow, int? seconds) =>
        RetryAfter(("X-RateLimit-Reset", $"{Now.ToUnixTimeSeconds() + fromNow}")).ShouldBe(Seconds(seconds));

    [Theory]
    [InlineData("now", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999999", 3600)]
    public void A_reset_that_is_no_number_is_ignored_and_one_without_end_is_an_hour(string value, int? seconds) =>
        RetryAfter(("X-RateLimit-Reset", value)).ShouldBe(Seconds(seconds));

    [Fact]
    public void The_later_of_Retry_After_and_reset_applies()
    {
        var reset = $"{Now.ToUnixTimeSeconds() + 60}";

        RetryAfter(("Retry-After", "5"), ("X-RateLimit-Reset", reset)).ShouldBe(Seconds(60));
        RetryAfter(("Retry-After", "90"), ("X-RateLimit-Reset", reset)).ShouldBe(Seconds(90));
    }

    [Fact]
    public void Instants_are_relative_to_the_Date_header_of_the_response()
    {
        var theirs = Now.AddHours(3);
        var reset = $"{theirs.ToUnixTimeSeconds() + 20}";

        RetryAfter(("X-RateLimit-Reset", reset), ("Date", theirs.ToString("r"))).ShouldBe(Seconds(20));
        RetryAfter(("Retry-After", theirs.AddSeconds(25).ToString("r")), ("Date", theirs.ToString("r"))).ShouldBe(Seconds(25));
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.SecureConnectionError)]
    public void A_failure_before_the_request_was_written_is_retryable(HttpRequestError error)
    {
        var failure = new HttpRequestException(error, "Connection refused", new SocketException((int)SocketError.ConnectionRefused));

        var result = ProviderResponseClassifier.Failure("P", failure, begun: false, ended: false).ShouldBeOfType<SendResult.Retryable>();

        (result.ProviderWide, result.RetryAfter).ShouldBe((true, null));
        result.Error.ShouldStartWith("P was not reached: Connection refused");
    }

    [Fact]
    public void A_timeout_before_the_request_was_written_is_retryable() =>
        ProviderResponseClassifier
            .Failure("P", new TaskCanceledException("canceled", new TimeoutException("no connection in 4 s")), begun: false, ended: false)
            .ShouldBe(
                new SendResult.Retryable("P was not reached: no connection in 4 s", null, ProviderWide: true) { Code = "unreachable" }
            );

    [Fact]
    public void A_timeout_after_the_request_was_written_is_in_doubt() =>
        ProviderResponseClassifier
            .Failure("P", new TaskCanceledException(), begun: true, ended: false)
            .ShouldBe(new SendResult.InDoubt("P did not answer after the request was written: it took too long"));

    [Fact]
    public void A_reset_after_the_request_was_written_is_in_doubt() =>
        ProviderResponseClassifier
            .Failure("P", new HttpRequestException(HttpRequestError.ResponseEnded, "ended"), begun: true, ended: false)
            .ShouldBe(new SendResult.InDoubt("P did not answer after the request was written: ended"));

    [Fact]
    public void A_cancelled_call_is_no_provider_failure()
    {
        ProviderResponseClassifier
            .Failure("P", new TaskCanceledException(), begun: false, ended: true)
            .ShouldBe(
                new SendResult.Retryable("P was not reached: the call was ended", null, ProviderWide: false) { Code = "unreachable" }
            );
        ProviderResponseClassifier.Failure("P", new TaskCanceledException(), begun: true, ended: true).ShouldBeOfType<SendResult.InDoubt>();
    }

    private static SendResult Refusal(int status, ProviderError? error = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return ProviderResponseClassifier.Refusal(new("P", response.StatusCode, response.Headers, ""), error ?? ProviderError.Unsaid, Now);
    }

    private static TimeSpan? RetryAfter(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return ProviderResponseClassifier.RetryAfter(response.Headers, Now);
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
