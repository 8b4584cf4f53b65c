using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

public sealed class UntouchedMailTests
{
    [Theory]
    [InlineData("<TABLE width=600 cellpadding='0' BGCOLOR=\"#ffffff\"><tr><td style=\"color:#F00;mso-line-height-rule:exactly\">a</table>")]
    [InlineData(
        "<a href=\"https://x.example/?a=1&b=2\" target=\"_blank\">a</a> <a href='mailto:a@x.example'>b</a> <a href=tel:+49123>c</a>"
    )]
    [InlineData(
        "<img src=\"cid:logo\" alt=\"x\" width=\"10\"/><img src=\"http://x.example/a.png\"><img src='data:image/png;base64,iVBORw0KGgo='>"
    )]
    [InlineData("<h1>Grüße</h1><ul><li>1</li></ul><blockquote>q</blockquote><center><font color=\"red\" face=\"Arial\">x</font></center>")]
    [InlineData("1 < 2 && 3 > 2 &copy; &nbsp; &unknown; <")]
    [InlineData("<p>a\r\n\tb<br/>c<BR />d")]
    [InlineData("<o:p>&nbsp;</o:p><p class=MsoNormal><span lang=EN-US style='font-size:11.0pt'>a<o:p></o:p></span></p>")]
    [InlineData("<div dir=\"rtl\" lang=\"ar\" data-smartmail=\"gmail_signature\" aria-describedby=\"x\">a</div>")]
    [InlineData(
        "<picture><source srcset=\"https://x.example/d.png 2x\" media=\"(prefers-color-scheme: dark)\"><img src=\"https://x.example/l.png\"></picture>"
    )]
    [InlineData(
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><meta name=\"color-scheme\" content=\"light dark\">"
    )]
    [InlineData("<link href=\"https://fonts.googleapis.com/css?family=Roboto\" rel=\"stylesheet\" type=\"text/css\">")]
    [InlineData(
        "<input type=\"radio\" name=\"g\" id=\"g1\" checked=\"checked\" class=\"g1\" style=\"display:none;mso-hide:all\"/><label for=\"g1\"><img src=\"https://x.example/a.png\"></label>"
    )]
    [InlineData("<fieldset><legend align=center>a</legend><INPUT TYPE=Checkbox id=c><label for=c>b</label></fieldset>")]
    public void Harmless_markup_is_unchanged_byte_for_byte(string html) => Stays(html);

    [Theory]
    [InlineData("@media only screen and (max-width:480px){.a{width:100%!important}}")]
    [InlineData("@media (prefers-color-scheme: dark){ .a , .b > c { color : #FFF !important } }")]
    [InlineData("@media screen and (-webkit-min-device-pixel-ratio:0) and (min-width:600px){a{color:red}}")]
    [InlineData("@font-face{font-family:'X';src:local('X'),url(https://x.example/x.woff2)format('woff2')}")]
    [InlineData("@import url(https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap);a{color:red}")]
    [InlineData("@import url('https://fonts.googleapis.com/css?family=Lato:400,700');")]
    [InlineData(".q:before{content:\"\\201C\"}.sm\\:w-full{width:100%}v\\:*{display:inline-block}")]
    [InlineData("/* What Outlook needs */ table,td{mso-table-lspace:0pt!important;mso-table-rspace:0pt}/**/")]
    [InlineData(".r{position:absolute;top:0}.s{position : relative; z-index:10}")]
    [InlineData(
        "#outlook a{padding:0}u + .body .x{-webkit-box-shadow:none;-ms-text-size-adjust:100%}a[x-apple-data-detectors]{color:inherit!important}"
    )]
    [InlineData("[data-ogsc] .d{color:#fff}@supports (display:grid){.g{display:grid}}@keyframes k{from{opacity:0}to{opacity:1}}")]
    [InlineData("<!-- p.MsoNormal{margin:0cm} @page WordSection1{size:612.0pt 792.0pt} -->")]
    [InlineData(".a{scroll-behavior:smooth;background-position:center;background:url( \"https://x.example/a;b.png\" )}")]
    [InlineData(".a{color:red;;}}\n.b{color:blue")]
    public void Harmless_style_sheets_are_unchanged_byte_for_byte(string css) => Stays($"<style type=\"text/css\">{css}</style>a");

    [Theory]
    [InlineData(
        "<style media=\"only screen and (max-width:480px)\" type='text/css' title=x>.wide{display:none!important}</style><p class=\"wide\">a</p>"
    )]
    [InlineData("<p style=\"background:url(https://x.example/a;b.png);color:red\">a</p>")]
    [InlineData(
        "<p style='font-family:\"Segoe UI\", Arial;mso-padding-alt:0 0 ; -webkit-text-size-adjust:none;color:RED !important'>a</p>"
    )]
    public void Styles_keep_their_attributes_and_their_text(string html) => Stays(html);

    [Theory]
    [InlineData("<!--[if mso]><table width=\"600\"><tr><td><![endif]--><p>Hello</p><!--[if mso]></td></tr></table><![endif]-->")]
    [InlineData("<!--[if !mso]><!--><p>a</p><!--<![endif]-->")]
    [InlineData("<!--[if !mso]><!-- --><p>a</p><!-- <![endif]-->")]
    [InlineData("<!--[if (gte mso 9)|(IE)]><table><tr><td width=\"50%\" valign=\"top\"><![endif]-->")]
    [InlineData("<![if !mso]><p>a</p><![endif]><![if !supportLists]>-<![endif]>")]
    [InlineData(
        "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->"
    )]
    [InlineData(
        "<!--[if mso]><v:roundrect xmlns:v=\"urn:schemas-microsoft-com:vml\" href=\"https://x.example\" style=\"height:40px;v-text-anchor:middle;\" arcsize=\"10%\" stroke=\"f\" fillcolor=\"#d62828\"><w:anchorlock/><center><![endif]--><a href=\"https://x.example\">b</a><!--[if mso]></center></v:roundrect><![endif]-->"
    )]
    [InlineData("<!--[if mso]><style>td{mso-line-height-rule:exactly}</style><noscript></noscript><![endif]-->", false)]
    public void Conditional_comments_keep_harmless_content(string html, bool whole = true)
    {
        if (whole)
        {
            Stays(html);
        }
        else
        {
            MailSanitizer.Clean(html).Html.ShouldBe(html.Replace("<noscript></noscript>", "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_whole_document_keeps_its_structure() =>
        Stays(
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
                + "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:v=\"urn:schemas-microsoft-com:vml\" lang=\"en\">\n<head><title>t</title><style>p{color:red}</style></head>\n"
                + "<body bgcolor=\"#fff\" leftmargin=0><p>a</p></body>\n</html>\n"
        );

    [Theory]
    [InlineData(
        ".card{background:#eef} .ribbon{position:fixed} .hero{background:url(http://x.example/h.png)}",
        ".card{background:#eef} .ribbon{} .hero{}"
    )]
    [InlineData("@media print{.a{color:red;position:sticky!important;top:0}}", "@media print{.a{color:red;top:0}}")]
    [InlineData("a{color:red}@import url(http://x.example/a.css);b{color:blue}", "a{color:red}b{color:blue}")]
    [InlineData("a{color:red} /* position:fixed */ b{color:blue}", "a{color:red}  b{color:blue}")]
    [InlineData("a{z-index:99999;color:red}", "a{color:red}")]
    [InlineData("@font-face{font-family:X;src:url(http://x.example/x.woff)}a{color:red}", "@font-face{font-family:X;}a{color:red}")]
    public void Only_harmful_declarations_and_rules_are_removed(string css, string clean) =>
        MailSanitizer.Clean($"<style>{css}</style>a").Html.ShouldBe($"<style>{clean}</style>a");

    private static void Stays(string html)
    {
        var result = MailSanitizer.Clean(html);

        (result.Html, result.Removed.Count).ShouldBe((html, 0));
    }
}
