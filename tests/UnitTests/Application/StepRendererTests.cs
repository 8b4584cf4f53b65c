using CsCheck;
using Fluid;
using FollowUp.Application.Delivery;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.Infrastructure.Templates;
using FollowUp.UnitTests.Domain;
using FollowUp.UnitTests.Support;
using FollowUp.UnitTests.Templates;
using NSubstitute;

namespace FollowUp.UnitTests.Application;

/// <summary>Rendered texts can be stored for any recipient and any filters.</summary>
public sealed class StepRendererTests
{
    private static readonly StepRenderer Texts = new(
        Models.Renderer,
        Substitute.For<ISenderIdentity>(),
        Substitute.For<IUnsubscribeLinks>()
    );

    private static readonly Gen<string> AnyArguments = Gen.OneOf<string>(
        "",
        ": 0, 1",
        ": 1, 1",
        ": 1",
        ": 2, ''",
        ": ''",
        ": 'a', 'b'",
        ": variables.end",
        ": 3, variables.end"
    );

    private static readonly string[] Filters = FilterNames();

    private static readonly Gen<string> AnyFilter = Gen.Int[0, Filters.Length - 1].Select(i => Filters[i]);

    [Fact]
    public void Every_filter_renders_any_text_to_storable_text() =>
        Gen.Select(StorableTextTests.AnyUtf16, Gen.Select(AnyFilter, AnyArguments).Array[1, 3])
            .Sample(
                (name, filters) =>
                {
                    var use = string.Concat(filters.Select(filter => $" | {filter.Item1}{filter.Item2}"));
                    var template = $"x{{{{ recipient.name | default: 'AGE='{use} }}}}{{{{ 'AGE='{use} }}}}";
                    foreach (
                        var step in new Step[] { new SmsStep(template), new EmailStep(template, $"<p title='{template}'>{template}</p>") }
                    )
                    {
                        var rendered = Render(step, name);
                        if (rendered is { IsSuccess: true, Value: var text })
                        {
                            StorableText.IsStorable($"{text.Subject}|{text.Html}|{text.Text}").ShouldBeTrue(template);
                        }
                        else
                        {
                            StorableText.IsStorable(rendered.ValidationErrors.Single().ErrorMessage).ShouldBeTrue(template);
                        }
                    }
                },
                iter: 3_000
            );

    [Theory]
    [InlineData("{{ recipient.name | slice: 0, 1 }}!", "\ufffd!")]
    [InlineData("{{ recipient.name | truncate: 1, '' }}!", "\ufffd!")]
    [InlineData("{{ 'AGE=' | base64_decode }}x", "ax")]
    public void Unpaired_surrogates_and_null_characters_do_not_reach_the_provider(string template, string text) =>
        Render(new SmsStep(template), "😀 Müller").Value.Text.ShouldBe(text);

    [Fact]
    public void A_message_of_only_a_null_character_is_empty() =>
        Render(new SmsStep("{{ 'AA==' | base64_decode }}"), null)
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The message is empty once it is rendered.");

    private static string[] FilterNames()
    {
        var options = new TemplateOptions();
        LiquidFilters.Restrict(options.Filters);
        return [.. options.Filters.Select(filter => filter.Key)];
    }

    private static Ardalis.Result.Result<RenderedStep> Render(Step step, string? name)
    {
        var recipient = An.Anna with { Name = name };
        var reader = new StepReader(An.Owner, new InstanceId(Guid.NewGuid()), recipient, """{"end":"😀"}""", null, "Follow-up", null);
        return Texts.Render([step], new StepIndex(0), reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
