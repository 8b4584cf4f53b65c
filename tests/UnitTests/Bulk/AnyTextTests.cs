using System.Text;
using CsCheck;
using FollowUp.Application.Bulk;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Templates;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Instances;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Bulk;

/// <summary>Any input is parsed to a canonical value or rejected with a reason, without an exception.</summary>
public sealed class AnyTextTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[" \t\"',;.:@<>+-()/0123456789eEäöüßÄéıİﬁ山김\u00a0\u200b\u200d\u0308\u3000\uff0b\uff11%"], 0, 30],
        Gen.String[0, 30],
        Pick("+49 (0)", "kim@", "mailto:", "Berg, ", "Dr. ", "2027-", "01.02.", "sep=;", "#1:email", "xn--", "true")
            .SelectMany(start => Gen.String[0, 12].Select(end => start + end))
    );

    private static Gen<string> Pick(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(place => texts[place]);

    [Fact]
    public void Any_address_is_canonical_or_has_a_reason() =>
        Text.Sample(text =>
        {
            var read = EmailInput.Read(text);
            (read.Address is null).ShouldBe(read.Wrong is not null);
            if (read.Address is { } address)
            {
                EmailAddress.Parse(address.Value).ShouldBe(address);
                EmailInput.Read(address.Display).Address?.Key.ShouldBe(address.Key);
            }
        });

    [Fact]
    public void Any_number_is_canonical_or_has_a_reason() =>
        Text.Sample(text =>
        {
            var read = PhoneInput.Read(text);
            (read.Number is null).ShouldBe(read.Wrong is not null);
            if (read.Number is { } number)
            {
                PhoneNumber.Parse(number.Value).ShouldBe(number);
            }
        });

    [Fact]
    public void Any_name_has_two_parts_or_none() =>
        Text.Sample(text =>
        {
            if (PersonName.Guess(text) is { } name)
            {
                name.First.ShouldNotBeNullOrWhiteSpace();
                name.Last.ShouldNotBeNullOrWhiteSpace();
            }
        });

    [Fact]
    public void Any_value_renders_or_is_an_error() =>
        Text.Where(text => !text.Any(char.IsSurrogate))
            .Sample(text =>
            {
                var model = Of(System.Text.Json.JsonSerializer.Serialize(new { v = text }));
                foreach (
                    var template in new[]
                    {
                        "{{ variables.v | date: '%Y' }}",
                        "{{ variables.v | times: 2 }}",
                        "{% if variables.v > 5 %}a{% endif %}b",
                    }
                )
                {
                    var rendered = Renderer.RenderSms(template, model);
                    if (!rendered.IsSuccess)
                    {
                        ((RenderError)rendered.ValidationErrors.Single()).IsLimit.ShouldBeFalse(template);
                    }
                }
            });

    [Fact]
    public void Any_list_gives_rows_or_errors() =>
        Gen.Select(Text.Array[0, 6], Pick(",", ";", "\t", "\n", "\r\n", "\""))
            .Sample(
                (parts, between) =>
                {
                    var body = Encoding.UTF8.GetBytes(
                        $"email{between}{string.Join(between, parts)}\nkim@example.org{between}{string.Join(between, parts)}"
                    );
                    foreach (var row in Rows(body).GetAwaiter().GetResult())
                    {
                        (row.Input is null).ShouldBe(row.Error is not null);
                        row.Input?.Read(DateTimeOffset.UnixEpoch);
                    }
                },
                iter: 2_000
            );

    private static async Task<List<BulkRow<EnrolmentInput>>> Rows(byte[] body)
    {
        List<BulkRow<EnrolmentInput>> all = [];
        await foreach (
            var row in new BulkReader().Read(new MemoryStream(body), BulkFormat.Csv, BulkReading.Default, CancellationToken.None)
        )
        {
            all.Add(row);
        }

        return all;
    }
}
