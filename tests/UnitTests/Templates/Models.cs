using FollowUp.Application.Templates;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>A recipient, an offer and a renderer.</summary>
internal static class Models
{
    public static readonly LiquidTemplates Renderer = new(TimeProvider.System, new TemplateCache());

    public static TemplateModel Of(string variables = "{}", string? offerId = null, string? name = "Ben  Miller", string? phone = null) =>
        new(
            new Recipient(
                EmailAddress.FromStore("ben@receiver.example"),
                name,
                phone is null ? null : PhoneNumber.FromStore(phone),
                "Europe/Berlin"
            ),
            variables,
            offerId,
            "Offer follow-up"
        );

    /// <summary>The body that a template renders to.</summary>
    public static string Html(string template, string variables = "{}", string? offerId = null) =>
        Render(template, variables, offerId).Html;

    /// <summary>Why a template's rendering failed.</summary>
    public static string Failure(string template, string variables = "{}") =>
        Renderer.RenderEmail("s", template, Of(variables)).ValidationErrors.ShouldHaveSingleItem().ErrorMessage;

    public static RenderedEmail Render(string template, string variables = "{}", string? offerId = null)
    {
        var rendered = Renderer.RenderEmail("s", template, Of(variables, offerId));
        rendered.IsSuccess.ShouldBeTrue(string.Join(' ', rendered.ValidationErrors.Select(error => error.ErrorMessage)));
        return rendered.Value;
    }

    /// <summary>The text message that a template renders to.</summary>
    public static string Sms(string template, string variables = "{}")
    {
        var rendered = Renderer.RenderSms(template, Of(variables));
        rendered.IsSuccess.ShouldBeTrue(string.Join(' ', rendered.ValidationErrors.Select(error => error.ErrorMessage)));
        return rendered.Value.Text;
    }
}
