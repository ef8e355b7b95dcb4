package io.sluice.bench.traffic;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A stream of events as browsers and apps send them to {@code POST /v1/events}, the same for the same seed.
 *
 * <p>{@value #SHOPS} shops, of which few have most of the traffic. In each some visitors are about at a time; they open
 * pages, click, search, fill a cart, buy, leave, and come back. An event is {@value #MIN_BYTES} to {@value #MAX_BYTES}
 * bytes of JSON, 255 on average; one in 100 holds an e-mail address (plain, {@code %40} or escaped), one in 30 letters
 * beyond ASCII. The names are made up and the domains are those of RFC 2606.
 *
 * <p>One thread. Not made to be fast.
 */
public final class Traffic {

    public static final int SHOPS = 3_000;
    public static final int MIN_BYTES = 220;
    public static final int MAX_BYTES = 330;

    /**
     * Popularity of shops falls a little slower than that of web sites, since the great ones have gateways of their
     * own.
     */
    private static final double SHOP_EXPONENT = 0.9;

    private static final double PRODUCT_EXPONENT = 0.8;
    private static final String HEAD = "{\"id\":\"e-";
    private static final int NUMBER_AT = HEAD.length();
    private static final int PRODUCTS = 800;
    private static final int VISITORS_AT_A_TIME = 6;

    private static final long FIRST_MILLIS = 1_795_305_600_000L;

    private static final String[] ADJECTIVES = {
        "aurora",
        "basic",
        "brushed",
        "classic",
        "coastal",
        "compact",
        "cotton",
        "deluxe",
        "dotted",
        "evening",
        "folded",
        "forest",
        "frosted",
        "granite",
        "heavy",
        "indigo",
        "ivory",
        "linen",
        "light",
        "matte",
        "merino",
        "misty",
        "nordic",
        "oak",
        "organic",
        "outdoor",
        "pearl",
        "plain",
        "quilted",
        "recycled",
        "ribbed",
        "rustic",
        "sandy",
        "silk",
        "slim",
        "striped",
        "vintage",
        "walnut",
        "washed",
        "winter",
        "gr\u00fcne",
        "caf\u00e9"
    };

    private static final String[] NOUNS = {
        "backpack",
        "basket",
        "blanket",
        "bottle",
        "bowl",
        "candle",
        "cap",
        "cardigan",
        "carpet",
        "chair",
        "clock",
        "coat",
        "cup",
        "cushion",
        "desk",
        "dress",
        "frame",
        "glove",
        "grinder",
        "hammock",
        "hoodie",
        "jacket",
        "jug",
        "kettle",
        "lamp",
        "mirror",
        "mug",
        "notebook",
        "pan",
        "pillow",
        "planter",
        "pot",
        "rug",
        "scarf",
        "shelf",
        "shirt",
        "sneaker",
        "sock",
        "stool",
        "table",
        "teapot",
        "towel",
        "tray",
        "vase",
        "wallet"
    };

    private static final String[] NAMES = {"ann.smith", "j.doe", "mia_w", "lee+shop", "ola.nordmann", "max.muster"};
    private static final String[] CURRENCIES = {"EUR", "EUR", "EUR", "USD", "USD", "GBP", "SEK", "PLN"};
    private static final String[] PLACES = {"home_grid", "category", "search", "related", "cart_upsell", "newsletter"};
    private static final String[] BUTTONS = {"size", "color", "gallery", "menu", "filter", "review", "wishlist", "chat"
    };
    private static final String[] COLORS = {"black", "white", "navy", "sand", "olive", "rust", "grey melange"};
    private static final String[] SIZES = {"XS", "S", "M", "L", "XL", "38", "40", "42"};
    private static final String[] CAMPAIGNS = {
        "autumn-sale", "black-week", "newsletter-47", "brand_search", "retarget_7d"
    };
    private static final String[] VIEWPORTS = {"390x844", "412x915", "1440x900", "1920x1080", "768x1024", "1536x864"};

    private final SplittableRandom random;
    private final Zipf shops = new Zipf(SHOPS, SHOP_EXPONENT);
    private final Zipf products = new Zipf(PRODUCTS, PRODUCT_EXPONENT);
    private final Visitor[][] visitors = new Visitor[SHOPS][];
    private final StringBuilder event = new StringBuilder(2 * MAX_BYTES);

    private long number;
    private long millis = FIRST_MILLIS;

    public Traffic(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The write key of a shop, which is its name as well. */
    public static String key(int shop) {
        return String.format(Locale.ROOT, "shop-%04d", shop);
    }

    /** The next body, with as many events, numbered on from the last one's. */
    public Body next(int events) {
        int shop = shops.draw(random);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(events * (MAX_BYTES + 1) + 2);
        int[] numbersAt = new int[events];
        for (int i = 0; i < events; i++) {
            bytes.write(i == 0 ? '[' : ',');
            write(shop);
            numbersAt[i] = bytes.size() + NUMBER_AT;
            bytes.writeBytes(event.toString().getBytes(StandardCharsets.UTF_8));
        }
        bytes.write(']');
        Body body = new Body(shop, bytes.toByteArray(), numbersAt);
        body.number(number - events);
        return body;
    }

    /**
     * Bodies of at least {@code bytes} in all. Take more than 3 MB where something is compressed: what repeats within
     * the compressor's window fakes its ratio and its speed.
     */
    public List<Body> bodies(int events, long bytes) {
        List<Body> bodies = new ArrayList<>();
        for (long sum = 0; sum < bytes; ) {
            Body body = next(events);
            bodies.add(body);
            sum += body.bytes().length;
        }
        return bodies;
    }

    /** Writes the next event of the shop; its number follows. */
    private void write(int shop) {
        Visitor visitor = visitor(shop);
        number++;
        millis += random.nextInt(40);
        int product = products.draw(random);
        event.setLength(0);
        event.append(HEAD).append("0".repeat(Body.DIGITS)).append("\",\"event\":\"");
        int kind = random.nextInt(100);
        if (kind < 52) {
            pageView(shop, visitor, product);
        } else if (kind < 78) {
            click(shop, visitor, product);
        } else if (kind < 88) {
            search(shop, visitor);
        } else if (kind < 96) {
            addToCart(shop, visitor, product);
        } else {
            purchase(shop, visitor);
        }
        fill(shop);
        event.append("}}");
    }

    private Visitor visitor(int shop) {
        if (visitors[shop] == null) {
            visitors[shop] = new Visitor[VISITORS_AT_A_TIME];
        }
        int place = random.nextInt(VISITORS_AT_A_TIME);
        Visitor visitor = visitors[shop][place];
        if (visitor == null || visitor.eventsLeft == 0 && random.nextInt(3) > 0) {
            visitor = new Visitor(random);
            visitors[shop][place] = visitor;
        } else if (visitor.eventsLeft == 0) {
            visitor.begin(random);
        }
        visitor.eventsLeft--;
        return visitor;
    }

    private void pageView(int shop, Visitor visitor, int product) {
        visitor.referrer = visitor.page.equals("/") ? visitor.referrer : url(shop, visitor.page);
        visitor.page = "/p/" + slug(shop, product);
        head("page_view", shop, visitor);
        event.append(",\"ref\":\"").append(visitor.referrer).append('"');
        event.append(",\"props\":{\"vp\":\"").append(any(VIEWPORTS)).append('"');
    }

    private void click(int shop, Visitor visitor, int product) {
        head("click", shop, visitor);
        event.append(",\"props\":{\"el\":\"")
                .append(any(BUTTONS))
                .append("\",\"sku\":\"")
                .append(sku(shop, product));
        event.append("\",\"x\":").append(random.nextInt(1900)).append(",\"y\":").append(random.nextInt(4000));
    }

    private void search(int shop, Visitor visitor) {
        String words = any(ADJECTIVES) + (random.nextBoolean() ? " " : "+") + any(NOUNS);
        visitor.page = "/search?q="
                + words.replace(' ', '+').replace("\u00e9", "%C3%A9").replace("\u00fc", "%C3%BC");
        head("search", shop, visitor);
        event.append(",\"props\":{\"q\":\"")
                .append(words)
                .append("\",\"hits\":")
                .append(random.nextInt(240));
    }

    private void addToCart(int shop, Visitor visitor, int product) {
        head("add_to_cart", shop, visitor);
        event.append(",\"props\":{\"sku\":\"").append(sku(shop, product)).append("\",\"qty\":");
        event.append(1 + random.nextInt(3)).append(",\"price\":").append(price(shop, product));
        event.append(",\"cur\":\"").append(currency(shop)).append('"');
    }

    private void purchase(int shop, Visitor visitor) {
        visitor.page = "/checkout/done";
        head("purchase", shop, visitor);
        event.append(",\"props\":{\"order\":\"")
                .append(100_000 + random.nextInt(900_000))
                .append("\",\"items\":[");
        int items = 1 + random.nextInt(2);
        for (int i = 0; i < items; i++) {
            int product = products.draw(random);
            event.append(i == 0 ? "{\"sku\":\"" : ",{\"sku\":\"").append(sku(shop, product));
            event.append("\",\"p\":").append(price(shop, product)).append('}');
        }
        event.append("],\"cur\":\"").append(currency(shop)).append('"');
    }

    /** What every event has: name, time, page, visitor, session. */
    private void head(String name, int shop, Visitor visitor) {
        event.append(name).append("\",\"ts\":").append(millis);
        event.append(",\"url\":\"").append(url(shop, visitor.page));
        if (random.nextInt(100) == 0) {
            event.append(visitor.page.indexOf('?') < 0 ? '?' : '&')
                    .append("email=")
                    .append(mail("%40"));
        }
        event.append("\",\"aid\":\"")
                .append(visitor.id)
                .append("\",\"sid\":\"")
                .append(visitor.session)
                .append('"');
        if (visitor.app != null) {
            event.append(",\"ua\":\"").append(visitor.app).append('"');
        }
    }

    /** Adds properties until the event is as long as it shall be. */
    private void fill(int shop) {
        int wanted = MIN_BYTES + random.nextInt(45);
        if (random.nextInt(200) == 0) {
            event.append(",\"login\":\"")
                    .append(mail(random.nextBoolean() ? "@" : "\\u0040"))
                    .append('"');
        }
        int first = random.nextInt(6);
        for (int i = 0; event.length() + 2 < wanted; i++) {
            switch ((first + i) % 6) {
                case 0 -> event.append(",\"list\":\"").append(any(PLACES)).append('"');
                case 1 -> event.append(",\"color\":\"").append(any(COLORS)).append('"');
                case 2 -> event.append(",\"size\":\"").append(any(SIZES)).append('"');
                case 3 -> event.append(",\"cmp\":\"").append(any(CAMPAIGNS)).append('"');
                case 4 -> event.append(",\"pos\":").append(random.nextInt(60));
                default -> event.append(",\"ms\":").append(random.nextInt(9000)).append(",\"logged_in\":false");
            }
            if (i == 5) {
                event.append(",\"cat\":\"")
                        .append(any(ADJECTIVES))
                        .append(" > ")
                        .append(any(NOUNS))
                        .append('"');
            }
            if (i > 5) {
                event.append(",\"x").append(i).append("\":").append(random.nextInt(1_000_000));
            }
        }
    }

    private static String url(int shop, String page) {
        return "https://" + key(shop) + ".example" + page;
    }

    private static String slug(int shop, int product) {
        int at = shop * 31 + product * 7;
        String adjective = ADJECTIVES[at % (ADJECTIVES.length - 2)];
        return adjective + '-' + NOUNS[(at / 40 + product) % NOUNS.length] + '-' + product;
    }

    private static String sku(int shop, int product) {
        return "A" + (shop * 97 % 1000) + '-' + (10_000 + product);
    }

    private static String price(int shop, int product) {
        return (5 + (shop + product * 13) % 190) + (product % 3 == 0 ? ".5" : ".95");
    }

    private static String currency(int shop) {
        return CURRENCIES[shop % CURRENCIES.length];
    }

    private String mail(String at) {
        return any(NAMES) + random.nextInt(1000) + at + "mail.example";
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }
}
