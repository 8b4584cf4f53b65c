using FollowUp.Infrastructure.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace FollowUp.UnitTests.Identity;

/// <summary>The log of rejected tokens.</summary>
public sealed class RefusedTokensTests
{
    private const string Token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    public static TheoryData<Exception, string> Reasons =>
        new()
        {
            { new SecurityTokenExpiredException(Token), "expired" },
            { new SecurityTokenNotYetValidException(Token), "not yet valid" },
            {
                new SecurityTokenInvalidAudienceException(Token) { InvalidAudience = "other" },
                "wrong audience"
            },
            {
                new SecurityTokenInvalidIssuerException(Token) { InvalidIssuer = "https://other.example" },
                "wrong issuer"
            },
            { new SecurityTokenSignatureKeyNotFoundException(Token), "unknown key" },
            { new SecurityTokenInvalidSignatureException(Token), "bad signature" },
            { new SecurityTokenInvalidAlgorithmException(Token), "wrong algorithm" },
            { new SecurityTokenMalformedException(Token), "malformed" },
            { new ArgumentException(Token), "malformed" },
            { new InvalidOperationException(Token), "invalid" },
        };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_reason_is_logged_without_the_token(Exception failure, string reason)
    {
        Refused().Note(failure, "followup-api", ["other"]);

        var line = _lines.Texts.ShouldHaveSingleItem();
        line.ShouldContain($"refused: {reason}.");
        line.ShouldNotContain(Token);
    }

    [Fact]
    public void Audience_and_issuer_of_a_rejected_token_are_logged_on_one_line_and_truncated()
    {
        var refused = Refused();

        var refusal = refused.Note(new SecurityTokenInvalidAudienceException(), "followup-api", ["x", $"a\r\nb{new string('c', 10_000)}"]);
        refused.Note(new SecurityTokenInvalidIssuerException { InvalidIssuer = "https://other.example" }, "followup-api", []);

        refusal.ShouldNotBeNull().Detail.Length.ShouldBeLessThan(300);
        refusal.Detail.ShouldStartWith("The token is for the audience \"x, a b");
        _lines.Texts.Count.ShouldBe(2);
        _lines.Texts.ShouldAllBe(line => line.Length < 500 && !line.Contains('\n'));
        _lines.Texts[1].ShouldContain("https://other.example");
    }

    [Fact]
    public void Each_reason_is_logged_once_a_minute_with_the_number_of_repetitions()
    {
        var refused = Refused();
        for (var i = 0; i < 1_000; i++)
        {
            refused.Note(new SecurityTokenExpiredException(), null, []);
            refused.Note(new SecurityTokenMalformedException(), null, []);
        }

        _lines.Texts.Count.ShouldBe(2);
        _time.Advance(TimeSpan.FromMinutes(1));
        refused.Note(new SecurityTokenExpiredException(), null, []);

        _lines.Texts.Count.ShouldBe(3);
        _lines.Texts[2].ShouldContain("999 more");
    }

    private RefusedTokens Refused() => new(_time, _lines);

    private sealed class Lines : ILogger<RefusedTokens>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Texts.Add(formatter(state, exception));
    }
}
