using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class TemplateValuesTests
{
    [Theory]
    [InlineData("{{ recipient.email }}", "ben@receiver.example")]
    [InlineData("{{ recipient.name }}", "Ben  Miller")]
    [InlineData("{{ recipient.firstName }}", "Ben")]
    [InlineData("{{ recipient.timeZone }}", "Europe/Berlin")]
    [InlineData("{{ sequence.name }}", "Offer follow-up")]
    public void Recipient_and_sequence_can_be_read(string template, string text) => Sms(template).ShouldBe(text);

    [Fact]
    public void Missing_fields_of_a_recipient_are_nil_so_that_default_applies()
    {
        var rendered = Renderer.RenderSms(
            """Hi {{ recipient.firstName | default: "there" }}{{ recipient.phone }}{% if recipient.name %}!{% endif %}""",
            Of(name: null)
        );

        rendered.Value.Text.ShouldBe("Hi there");
    }

    [Fact]
    public void Looking_up_many_variables_parses_them_once()
    {
        var text = new string('x', 50_000);
        var values = Renderer.ValuesOf(Of($$"""{"a": "{{text}}", "b": {"c": "y"} }"""));
        values.TextOf("variables.a").ShouldBe(text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var n = 0; n < 100; n++)
        {
            values.HasValue("variables.b.c").ShouldBeTrue();
            values.TextOf("variables.b.c").ShouldBe("y");
            values.HasValue("variables.none").ShouldBeFalse();
        }

        // Less than parsing them a few times.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10 * text.Length);
    }

    [Fact]
    public void The_phone_number_can_be_read() =>
        Renderer.RenderSms("{{ recipient.phone }}", Of(phone: "+4915112345678")).Value.Text.ShouldBe("+4915112345678");

    [Fact]
    public void Variables_keep_their_given_values() =>
        Sms(
                """{{ variables.a }} {{ variables.b.c }} {{ variables.d[1] }} {{ variables.e }} {{ variables["f g"] }} {{ variables.n }}|""",
                """{"a": "x", "b": {"c": 12345.25}, "d": [1, 2], "e": true, "f g": "y", "n": null}"""
            )
            .ShouldBe("x 12345.25 2 true y |");

    [Theory]
    [InlineData("1000000", "1000000")]
    [InlineData("0.1", "0.1")]
    [InlineData("-5", "-5")]
    [InlineData("79228162514264337593543950336", "79228162514264337593543950336")]
    [InlineData("1e400", "1e400")]
    public void Numbers_are_formatted_the_same_in_every_culture(string json, string text) =>
        Sms("{{ variables.n }}", $$"""{"n": {{json}}}""").ShouldBe(text);

    [Fact]
    public void The_offer_combines_the_variables_with_the_id_of_the_enrolment()
    {
        const string template = "{{ offer.id }} {{ offer.address }}";

        Html(template, """{"offer": {"address": "Elm St 1", "id": "old"}}""", "O-1").ShouldBe("O-1 Elm St 1");
        Html(template, """{"offer": {"address": "Elm St 1", "id": "own"}}""").ShouldBe("own Elm St 1");
        Html(template, """{"offer": "none"}""", "O-1").ShouldBe("O-1 ");
        Html("{% if offer %}yes{% else %}no{% endif %}").ShouldBe("no");
    }

    [Fact]
    public void Nothing_else_can_be_read() =>
        Html(
                "{{ recipient.Email }}{{ recipient.email.Length }}{{ recipient.GetType }}{{ Recipient.email }}{{ variables.keys }}"
                    + "{{ model }}{{ followup }}{{ context }}{{ sequence.id }}{{ recipient }}{{ variables }}{{ offer }}",
                """{"a": "hidden"}"""
            )
            .ShouldBe("");

    [Fact]
    public void Variables_must_be_an_object() =>
        Failure("x", "[1]").ShouldBe("The subject cannot be rendered: the variables are not a JSON object.");

    [Fact]
    public void Dates_are_formatted_the_same_in_every_culture() =>
        Sms("""{{ variables.at | date: "%A, %-d %B %Y %H:%M" }}""", """{"at": "2026-03-05T14:30:00Z"}""")
            .ShouldBe("Thursday, 5 March 2026 14:30");

    [Fact]
    public void Standard_Liquid_works() =>
        Sms(
                """
                {%- assign names = "b,a,c" | split: "," | sort -%}
                {%- for name in names reversed -%}{{ forloop.index }}{{ name }}{% unless forloop.last %},{% endunless %}{%- endfor -%}
                {%- for i in (1..3) -%}{% if i == 2 %}{% continue %}{% endif %} {{ i | times: 1.5 }}{%- endfor -%}
                {%- case names.size -%}{%- when 3 %} three{%- else %} other{%- endcase -%}
                {%- capture end %} {{ "END" | downcase }}{% endcapture -%}
                {{ end }}{% comment %}hidden{% endcomment %}{% raw %} {{ raw }}{% endraw %}{% # inline %}
                """
            )
            .ShouldBe("1c,2b,3a 1.5 4.5 three end {{ raw }}");

    [Fact]
    public void Loops_work_at_every_position() =>
        Sms(
                """{% if true %}{% capture c %}{% for i in (1..2) %}{% case i %}{% when 1 %}{% for j in variables.l limit: 2 %}{{ j }}{% endfor %}{% else %}-{% for k in variables.none %}x{% else %}none{% endfor %}{% endcase %}{% endfor %}{% endcapture %}{% endif %}{{ c }}{% for l in variables.l offset: continue %}{{ l }}{% endfor %}""",
                """{"l": ["a", "b", "c"]}"""
            )
            .ShouldBe("ab-nonec");
}
